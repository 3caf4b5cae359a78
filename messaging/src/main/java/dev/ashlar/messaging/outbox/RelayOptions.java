package dev.ashlar.messaging.outbox;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import java.time.Duration;

/**
 * How an {@link OutboxRelay} works.
 *
 * <p><b>Threads.</b> Immutable; each {@code with} method returns a changed copy.
 *
 * <p><b>Limits.</b> A batch of 200 rows, which bounds what is sent twice after a crash; a look
 * every 100 ms when there was nothing to do; a turn of 10 s, so that another relay takes over soon;
 * 5 s for one exchange with a broker, below the turn; a failed row waits 200 ms, then twice as
 * long, up to 30 s.
 *
 * @param name names the relay; each running relay has a name of its own
 * @param time the clocks
 * @param observer is told steps and counts
 * @param batch how many rows are sent before they are noted as sent
 * @param idle how long to wait after finding nothing
 * @param turn for how long the right to send is taken
 * @param sendMax how long one exchange with a broker or the database may take
 * @param retryFirst how long a row waits after its first failure
 * @param retryMax how long it waits at most
 */
public record RelayOptions(
    String name,
    TimeSource time,
    Observer observer,
    int batch,
    Duration idle,
    Duration turn,
    Duration sendMax,
    Duration retryFirst,
    Duration retryMax) {

  /** Checks the bounds. */
  public RelayOptions {
    if (!IdSource.isWellFormed(name)) {
      throw new IllegalArgumentException(
          "name: " + name.length() + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
    requireNonNull(time, "time");
    requireNonNull(observer, "observer");
    if (batch < 1 || batch > 1000) {
      throw new IllegalArgumentException("batch: " + batch + " (expected: 1 to 1000)");
    }
    positive("idle", idle);
    positive("turn", turn);
    positive("sendMax", sendMax);
    positive("retryFirst", retryFirst);
    positive("retryMax", retryMax);
    if (sendMax.multipliedBy(2).compareTo(turn) > 0) {
      throw new IllegalArgumentException(
          "sendMax: " + sendMax + " (expected: at most half the turn, " + turn + ")");
    }
  }

  private static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero() || value.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: above 0, to " + Duration.ofDays(1) + ")");
    }
  }

  /** Returns the defaults. */
  public static RelayOptions of(String name, TimeSource time, Observer observer) {
    return new RelayOptions(
        name,
        time,
        observer,
        200,
        Duration.ofMillis(100),
        Duration.ofSeconds(10),
        Duration.ofSeconds(5),
        Duration.ofMillis(200),
        Duration.ofSeconds(30));
  }

  /** Returns these options with another batch. */
  public RelayOptions withBatch(int changed) {
    return new RelayOptions(
        name, time, observer, changed, idle, turn, sendMax, retryFirst, retryMax);
  }

  /** Returns these options with another wait after finding nothing. */
  public RelayOptions withIdle(Duration changed) {
    return new RelayOptions(
        name, time, observer, batch, changed, turn, sendMax, retryFirst, retryMax);
  }

  /** Returns these options with another turn, and another bound on one exchange. */
  public RelayOptions withTurn(Duration changed, Duration exchangeMax) {
    return new RelayOptions(
        name, time, observer, batch, idle, changed, exchangeMax, retryFirst, retryMax);
  }

  /** Returns these options with other waits after failures. */
  public RelayOptions withRetry(Duration first, Duration max) {
    return new RelayOptions(name, time, observer, batch, idle, turn, sendMax, first, max);
  }
}
