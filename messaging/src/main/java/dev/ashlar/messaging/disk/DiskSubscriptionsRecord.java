package dev.ashlar.messaging.disk;

import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.MalformedDataException.Reason;
import dev.ashlar.messaging.topic.Subscription;
import dev.ashlar.messaging.topic.SubscriptionOptions;
import dev.ashlar.messaging.topic.SubscriptionOptions.Life;
import dev.ashlar.messaging.topic.SubscriptionOptions.WhenFull;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/*
 * One change of the registry. Numbers are big-endian.
 *
 *    0 'T'        1 version, u8: 1        2 what, u8: P put, R removed, A all there is
 *    3 the greatest number that was ever given, u64
 *   11 count of entries, u32; entries
 *
 *   entry: number, u64; life, u8: D durable, T transient; when full, u8: B block, D drop,
 *          L leave; state, u8: A attached, D detached; patience in nanoseconds, u64;
 *          length of the name, u8; name
 *
 * "All there is" stands for every change before it, so that those can be forgotten.
 */
/**
 * A change of a registry of subscriptions, as a record of its journal.
 *
 * @param what was done
 * @param numbers the greatest number that was ever given
 * @param subscriptions what it was done to
 */
record DiskSubscriptionsRecord(What what, long numbers, List<Subscription> subscriptions) {

  private static final int KIND = 'T';
  private static final int VERSION = 1;
  private static final int HEAD_BYTES = 15;
  private static final int ENTRY_BYTES = 20;

  /** What a change does. */
  enum What {
    /** It is there from now on, as it stands here. */
    PUT('P'),
    /** It is there no more. */
    REMOVED('R'),
    /** These are there, and no others. */
    ALL('A');

    private final char code;

    What(char code) {
      this.code = code;
    }
  }

  static DiskSubscriptionsRecord of(What what, long numbers, Collection<Subscription> all) {
    return new DiskSubscriptionsRecord(what, numbers, List.copyOf(all));
  }

  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(64);
    ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
    head.put((byte) KIND).put((byte) VERSION).put((byte) what.code);
    head.putLong(numbers).putInt(subscriptions.size());
    out.write(head.array(), 0, HEAD_BYTES);
    for (Subscription each : subscriptions) {
      byte[] name = each.name().getBytes(StandardCharsets.US_ASCII);
      ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES + name.length);
      entry.putLong(each.number());
      entry.put(code(each.options().life()));
      entry.put(code(each.options().whenFull()));
      entry.put(code(each.state()));
      entry.putLong(each.options().patience().toNanos());
      entry.put((byte) name.length).put(name);
      out.write(entry.array(), 0, entry.capacity());
    }
    return out.toByteArray();
  }

  /**
   * Reads a change.
   *
   * @throws MalformedDataException for anything that {@link #bytes} does not make
   */
  static DiskSubscriptionsRecord read(byte[] array, int offset, int length) {
    ByteBuffer in = ByteBuffer.wrap(array, offset, length);
    if (length < HEAD_BYTES || in.get() != KIND) {
      throw new MalformedDataException(
          Reason.MALFORMED, "record: of another kind (expected: a change of subscriptions)");
    }
    int version = in.get();
    if (version != VERSION) {
      throw new MalformedDataException(
          Reason.UNSUPPORTED_VERSION, "change: version " + version + " (expected: 1)");
    }
    What what = constant(What.values(), each -> (byte) each.code, in.get());
    long numbers = in.getLong();
    int count = in.getInt();
    List<Subscription> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(entry(in));
    }
    if (in.hasRemaining()) {
      throw new MalformedDataException(
          Reason.TRAILING_DATA, "change: " + in.remaining() + " bytes behind its end");
    }
    return new DiskSubscriptionsRecord(what, numbers, List.copyOf(all));
  }

  private static Subscription entry(ByteBuffer in) {
    need(in, ENTRY_BYTES);
    long number = in.getLong();
    Life life = constant(Life.values(), DiskSubscriptionsRecord::code, in.get());
    WhenFull whenFull = constant(WhenFull.values(), DiskSubscriptionsRecord::code, in.get());
    Subscription.State state =
        constant(Subscription.State.values(), DiskSubscriptionsRecord::code, in.get());
    Duration patience = Duration.ofNanos(in.getLong());
    byte[] name = new byte[in.get() & 0xff];
    need(in, name.length);
    in.get(name);
    try {
      return new Subscription(
          new String(name, StandardCharsets.US_ASCII),
          number,
          new SubscriptionOptions(life, whenFull, patience),
          state);
    } catch (IllegalArgumentException e) {
      throw new MalformedDataException(Reason.INVALID_VALUE, "change: " + e.getMessage(), e);
    }
  }

  private static void need(ByteBuffer in, int bytes) {
    if (in.remaining() < bytes) {
      throw new MalformedDataException(Reason.TRUNCATED, "change: ends too early");
    }
  }

  private static byte code(Life life) {
    return (byte)
        switch (life) {
          case DURABLE -> 'D';
          case TRANSIENT -> 'T';
        };
  }

  private static byte code(WhenFull whenFull) {
    return (byte)
        switch (whenFull) {
          case BLOCK -> 'B';
          case DROP -> 'D';
          case DETACH -> 'L';
        };
  }

  private static byte code(Subscription.State state) {
    return (byte)
        switch (state) {
          case ATTACHED -> 'A';
          case DETACHED -> 'D';
        };
  }

  private static <T> T constant(T[] all, Function<T, Byte> codes, byte code) {
    for (T each : all) {
      if (codes.apply(each) == code) {
        return each;
      }
    }
    throw new MalformedDataException(
        Reason.INVALID_VALUE, "change: code " + code + " (expected: one of " + all.length + ")");
  }
}
