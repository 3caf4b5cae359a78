package dev.ashlar.core.testkit.context;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.CorrelationId;
import dev.ashlar.core.Criticality;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Headers;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.RequestId;
import dev.ashlar.core.RetryRight;
import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Contexts, receivers and header texts to test with. */
final class Contexts {

  private static final String ID_CHARACTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  private static final String[] KEYS = {
    "v", "req", "crit", "cohort", "client", "ttl", "try", "right", "new", "", "TTL", " ttl"
  };
  private static final String[] VALUES = {
    "1",
    "0",
    "-1",
    "2",
    "critical-plus",
    "critical",
    "CRITICAL_PLUS",
    "sheddable",
    "free",
    "owned",
    "none",
    "128",
    "127",
    "9223372036854775807",
    "9223372036854775808",
    "99999999999999999999",
    "31536000000",
    "31536000001",
    "+5",
    "1e9",
    "0x7f",
    " 7",
    "７",
    "NaN",
    "",
    "=",
    "a b",
    "\uD83D\uDE00"
  };

  private Contexts() {}

  static CallContext.Receiver receiver(
      CallContext.Trust trust, Criticality ceiling, Duration longest, TimeSource time) {
    return new CallContext.Receiver(
        trust, ceiling, longest, IdSource.of(time, new SplittableRandom(7)), time, Observer.none());
  }

  static CallContext.Receiver generousPeer(TimeSource time) {
    return receiver(CallContext.Trust.PEER, Criticality.CRITICAL_PLUS, Deadline.LONGEST, time);
  }

  static CallContext any(RandomGenerator random, TimeSource time) {
    return new CallContext(
        new CorrelationId(id(random)),
        new RequestId(id(random)),
        random.nextBoolean() ? Optional.of(new RequestId(id(random))) : Optional.empty(),
        Deadline.after(duration(random), time),
        one(random, Criticality.values()),
        random.nextInt(CallContext.COHORT_MAX + 1),
        1 + random.nextInt(random.nextBoolean() ? 5 : CallContext.ATTEMPT_MAX),
        one(random, RetryRight.values()),
        id(random));
  }

  /** From nothing to a year, short ones as likely as long ones. */
  static Duration duration(RandomGenerator random) {
    return switch (random.nextInt(4)) {
      case 0 -> Duration.ofNanos(random.nextLong(3_000_000));
      case 1 -> Duration.ofMillis(random.nextLong(10_000));
      case 2 -> Duration.ofNanos(random.nextLong(Deadline.LONGEST.toNanos()));
      default -> random.nextBoolean() ? Deadline.LONGEST : Duration.ZERO;
    };
  }

  private static String id(RandomGenerator random) {
    StringBuilder id = new StringBuilder();
    for (int length = 1 + random.nextInt(64); length > 0; length--) {
      id.append(ID_CHARACTERS.charAt(random.nextInt(ID_CHARACTERS.length())));
    }
    return id.toString();
  }

  static <T> T one(RandomGenerator random, T[] values) {
    return values[random.nextInt(values.length)];
  }

  /** Headers that no sender of ours would make, or almost one of ours. */
  static Headers hostile(RandomGenerator random, TimeSource time) {
    Headers headers = Headers.empty();
    for (int copies = copies(random); copies > 0; copies--) {
      headers = headers.plus(CallContext.CONTEXT_HEADER, context(random, time));
    }
    for (int copies = copies(random); copies > 0; copies--) {
      headers = headers.plus("Correlation-ID", noise(random, 80));
    }
    return headers;
  }

  private static int copies(RandomGenerator random) {
    return random.nextInt(10) == 0 ? random.nextInt(3) : 1;
  }

  /** Headers refuses what no transport lets through, so none of it can come in. */
  private static String context(RandomGenerator random, TimeSource time) {
    StringBuilder text = new StringBuilder();
    raw(random, time)
        .codePoints()
        .map(
            c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? ';' : c)
        .forEach(text::appendCodePoint);
    return text.substring(0, Math.min(text.length(), Headers.VALUE_MAX / 2));
  }

  private static String raw(RandomGenerator random, TimeSource time) {
    return switch (random.nextInt(4)) {
      case 0 -> noise(random, random.nextInt(20) == 0 ? Headers.VALUE_MAX : 60);
      case 1 -> fields(random);
      case 2 -> mutated(valid(random, time), random);
      default -> valid(random, time);
    };
  }

  private static String valid(RandomGenerator random, TimeSource time) {
    return any(random, time).into(Headers.empty()).first(CallContext.CONTEXT_HEADER).orElseThrow();
  }

  /** Any bytes, read as text, without what Headers itself refuses. */
  private static String noise(RandomGenerator random, int lengthMax) {
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(lengthMax + 1); length > 0; length--) {
      int c = random.nextInt(random.nextBoolean() ? 128 : 256);
      text.append(Character.isISOControl(c) ? ';' : (char) c);
    }
    return text.toString();
  }

  private static String fields(RandomGenerator random) {
    StringBuilder text = new StringBuilder(random.nextInt(8) == 0 ? "" : "v=1");
    for (int count = random.nextInt(12); count > 0; count--) {
      text.append(random.nextInt(16) == 0 ? ' ' : ';')
          .append(one(random, KEYS))
          .append(random.nextInt(16) == 0 ? "" : "=")
          .append(one(random, VALUES));
    }
    return text.toString();
  }

  private static String mutated(String valid, RandomGenerator random) {
    StringBuilder text = new StringBuilder(valid);
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      int at = random.nextInt(text.length() + 1);
      switch (random.nextInt(4)) {
        case 0 -> text.insert(at, one(random, VALUES));
        case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(6)));
        case 2 -> text.insert(at, ";" + one(random, KEYS) + "=" + one(random, VALUES));
        default -> text.insert(at, (char) (' ' + random.nextInt(95)));
      }
    }
    return text.toString();
  }
}
