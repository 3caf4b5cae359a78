package dev.ashlar.messaging.consume;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.IdSource;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How a {@link Consumer} works.
 *
 * <p><b>Threads.</b> Immutable; each {@code with} method returns a changed copy.
 *
 * <p><b>Limits.</b> One thread and one message in flight unless told otherwise, because that is
 * right for every handler. Five minutes of handling, ten times a visibility that is too short for
 * most. Retries start after 200 ms, double, stop growing at 30 s and are spread over the upper half
 * of each wait, so that messages that failed together do not come back together.
 *
 * @param name names the consumer, its threads and its inbox rows
 * @param receiver turns the headers of a message into a context; it brings clocks, ids and observer
 * @param random spreads the retries
 * @param concurrency how many messages are handled at once
 * @param inFlightMax how many messages the consumer owns at most, those that wait for a thread
 *     included
 * @param handlingMax how long one handling may take; then renewal stops and another may get the
 *     message
 * @param retryFirst the wait after the first failed attempt
 * @param retryMax the longest wait
 * @param mode when a message is settled
 * @param drainMax how long {@link Consumer#close()} waits for running handlers
 */
public record ConsumerOptions(
    String name,
    CallContext.Receiver receiver,
    RandomGenerator random,
    int concurrency,
    int inFlightMax,
    Duration handlingMax,
    Duration retryFirst,
    Duration retryMax,
    Mode mode,
    Duration drainMax) {

  /** Checks the bounds. */
  public ConsumerOptions {
    if (!IdSource.isWellFormed(name)) {
      throw new IllegalArgumentException(
          "name: " + name.length() + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
    requireNonNull(receiver, "receiver");
    requireNonNull(random, "random");
    requireNonNull(mode, "mode");
    if (concurrency < 1 || concurrency > 1000) {
      throw new IllegalArgumentException("concurrency: " + concurrency + " (expected: 1 to 1000)");
    }
    if (inFlightMax < concurrency || inFlightMax > 100_000) {
      throw new IllegalArgumentException(
          "inFlightMax: " + inFlightMax + " (expected: " + concurrency + " to 100000)");
    }
    positive("handlingMax", handlingMax);
    positive("retryFirst", retryFirst);
    positive("retryMax", retryMax);
    positive("drainMax", drainMax);
  }

  private static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero() || value.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: above 0, to " + Duration.ofDays(1) + ")");
    }
  }

  /** Returns the defaults. */
  public static ConsumerOptions of(
      String name, CallContext.Receiver receiver, RandomGenerator random) {
    return new ConsumerOptions(
        name,
        receiver,
        random,
        1,
        1,
        Duration.ofMinutes(5),
        Duration.ofMillis(200),
        Duration.ofSeconds(30),
        Mode.AT_LEAST_ONCE,
        Duration.ofSeconds(10));
  }

  /**
   * Returns how long to wait after a failed attempt before the next one: twice as long as after the
   * one before, up to the longest wait, of which the upper half is drawn.
   *
   * @param attempt the one that failed, counted from 1
   */
  public Duration retryDelay(int attempt) {
    int doublings = Math.min(attempt - 1, 62);
    long first = retryFirst.toNanos();
    long max = retryMax.toNanos();
    long whole = first > (max >> doublings) ? max : first << doublings;
    long half = whole / 2;
    // Generators are used by one thread at a time, unless they say otherwise.
    synchronized (random) {
      return Duration.ofNanos(whole - half + random.nextLong(half + 1));
    }
  }

  /** Returns these options with other numbers of threads and messages. */
  public ConsumerOptions withConcurrency(int threads, int messages) {
    return new ConsumerOptions(
        name,
        receiver,
        random,
        threads,
        messages,
        handlingMax,
        retryFirst,
        retryMax,
        mode,
        drainMax);
  }

  /** Returns these options with another bound on one handling. */
  public ConsumerOptions withHandlingMax(Duration changed) {
    return new ConsumerOptions(
        name,
        receiver,
        random,
        concurrency,
        inFlightMax,
        changed,
        retryFirst,
        retryMax,
        mode,
        drainMax);
  }

  /** Returns these options with other waits before retries. */
  public ConsumerOptions withRetry(Duration first, Duration max) {
    return new ConsumerOptions(
        name, receiver, random, concurrency, inFlightMax, handlingMax, first, max, mode, drainMax);
  }

  /** Returns these options with another mode. */
  public ConsumerOptions withMode(Mode changed) {
    return new ConsumerOptions(
        name,
        receiver,
        random,
        concurrency,
        inFlightMax,
        handlingMax,
        retryFirst,
        retryMax,
        changed,
        drainMax);
  }

  /** Returns these options with another wait for running handlers at the end. */
  public ConsumerOptions withDrainMax(Duration changed) {
    return new ConsumerOptions(
        name,
        receiver,
        random,
        concurrency,
        inFlightMax,
        handlingMax,
        retryFirst,
        retryMax,
        mode,
        changed);
  }

  /** When a message is settled. */
  public enum Mode {
    /** After its handler: a crash in between delivers it again. */
    AT_LEAST_ONCE,
    /** Before its handler: a crash in between loses it, and no message is handled twice. */
    AT_MOST_ONCE
  }
}
