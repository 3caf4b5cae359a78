package dev.ashlar.serialization;

import dev.ashlar.core.Bytes;
import dev.ashlar.serialization.Samples.BankTransfer;
import dev.ashlar.serialization.Samples.Boxed;
import dev.ashlar.serialization.Samples.Broken;
import dev.ashlar.serialization.Samples.Card;
import dev.ashlar.serialization.Samples.Color;
import dev.ashlar.serialization.Samples.Everything;
import dev.ashlar.serialization.Samples.Invoice;
import dev.ashlar.serialization.Samples.Line;
import dev.ashlar.serialization.Samples.OnDelivery;
import dev.ashlar.serialization.Samples.Optionals;
import dev.ashlar.serialization.Samples.Order;
import dev.ashlar.serialization.Samples.Payment;
import dev.ashlar.serialization.Samples.Texts;
import dev.ashlar.serialization.Samples.Times;
import dev.ashlar.serialization.Samples.Tree;
import dev.ashlar.serialization.Samples.Whole;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Values of all supported types, with a leaning towards the edges. */
final class Generated {

  private final RandomGenerator random;

  Generated(RandomGenerator random) {
    this.random = random;
  }

  Everything everything() {
    return new Everything(
        whole(),
        boxed(),
        broken(),
        texts(),
        times(),
        order(),
        list(() -> list(this::optionals)),
        map(() -> map(() -> payment(3))),
        tree(4));
  }

  Whole whole() {
    return new Whole((byte) integer(), (short) integer(), (int) integer(), integer(), bigInteger());
  }

  private Boxed boxed() {
    return new Boxed(
        (byte) integer(),
        (short) integer(),
        (int) integer(),
        integer(),
        random.nextBoolean(),
        (char) (' ' + random.nextInt(0xD000)));
  }

  Broken broken() {
    return new Broken(single(), twice(), new BigDecimal(bigInteger(), random.nextInt(-60, 60)));
  }

  float single() {
    float value = Float.intBitsToFloat(random.nextInt());
    return Float.isFinite(value) ? value : -0.0f;
  }

  double twice() {
    double value = Double.longBitsToDouble(random.nextLong());
    return Double.isFinite(value) ? value : Double.MIN_VALUE;
  }

  private Texts texts() {
    Color color = random.nextBoolean() ? Color.RED : Color.GREEN;
    byte[] data = new byte[random.nextInt(20)];
    random.nextBytes(data);
    UUID id = new UUID(random.nextLong(), random.nextLong());
    return new Texts(text(), 'x', random.nextBoolean(), color, id, Bytes.owning(data));
  }

  private Times times() {
    long second = random.nextLong(Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond());
    return new Times(
        Instant.ofEpochSecond(second, edge(random.nextInt(1_000_000_000))),
        Duration.ofSeconds(integer(), edge(random.nextInt(1_000_000_000))),
        LocalDate.ofEpochDay(random.nextLong(-1_000_000, 1_000_000_000)));
  }

  private Order order() {
    return new Order(
        text(),
        list(() -> new Line(text(), 1 + random.nextInt(9))),
        map(() -> (int) integer()),
        optional(this::text));
  }

  private Optionals optionals() {
    return new Optionals(
        optional(() -> (int) integer()),
        optional(() -> list(this::text)),
        optional(() -> payment(2)));
  }

  Payment payment(int depth) {
    return switch (random.nextInt(4)) {
      case 0 -> new Card(text(), (int) integer());
      case 1 -> new Invoice((int) integer());
      case 2 -> new OnDelivery();
      default ->
          new BankTransfer(
              text(), depth == 0 ? Optional.empty() : optional(() -> payment(depth - 1)));
    };
  }

  private Tree tree(int depth) {
    return new Tree(text(), depth == 0 ? List.of() : list(() -> tree(depth - 1)));
  }

  String text() {
    int[] points = new int[random.nextInt(12)];
    for (int i = 0; i < points.length; i++) {
      points[i] = point();
    }
    return new String(points, 0, points.length);
  }

  private int point() {
    return switch (random.nextInt(5)) {
      case 0 -> random.nextInt(0x20);
      case 1 -> "\"\\/\u007f\u2028\ufeff\uffff".codePointAt(random.nextInt(7));
      case 2 -> random.nextInt(0x10000, 0x110000);
      case 3 -> random.nextInt(0x80, 0xD800);
      default -> random.nextInt(0x20, 0x7F);
    };
  }

  private long integer() {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(-3, 4);
      case 1 -> Long.MAX_VALUE - random.nextInt(3);
      case 2 -> Long.MIN_VALUE + random.nextInt(3);
      default -> random.nextLong() >> random.nextInt(64);
    };
  }

  private BigInteger bigInteger() {
    return BigInteger.valueOf(integer()).multiply(BigInteger.valueOf(integer()));
  }

  private int edge(int value) {
    return random.nextInt(3) == 0 ? 0 : value;
  }

  private <E> Optional<E> optional(Supplier<E> element) {
    return random.nextBoolean() ? Optional.of(element.get()) : Optional.empty();
  }

  private <E> List<E> list(Supplier<E> element) {
    List<E> list = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      list.add(element.get());
    }
    return list;
  }

  private <E> Map<String, E> map(Supplier<E> element) {
    Map<String, E> map = new HashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      map.put(text(), element.get());
    }
    return map;
  }
}
