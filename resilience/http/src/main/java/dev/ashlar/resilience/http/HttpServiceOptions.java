package dev.ashlar.resilience.http;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Headers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * How an {@link HttpService} works, whom it trusts, and its bounds.
 *
 * <p><b>Threads.</b> Immutable; each {@code with} method returns a changed copy.
 *
 * <p><b>Limits.</b> {@link #of} listens on the loopback address, where nobody outside can ask; 16
 * threads, and twice as many requests waiting for one, because what waits longer has mostly been
 * given up by its caller; bodies of 1 MiB; paths of 1024 characters; the headers that {@link
 * Headers} can hold; 10 s to read a request and as long to write an answer; a second until a
 * refused caller may come again, and 10 s for running requests at closing.
 *
 * @param receiver turns headers into contexts: whom it trusts, with which bounds
 * @param address to listen on; port 0 for any that is free
 * @param threads how many requests are answered at once
 * @param queueMax how many more wait for a thread; what comes beyond is refused
 * @param bodyMax the longest body, in bytes
 * @param pathMax the longest path, in characters
 * @param headersMax the most headers
 * @param readMax how long a request may take to arrive, once it has begun
 * @param writeMax how long an answer may take to be taken
 * @param retryAfter what a refused caller is told
 * @param drainMax how long {@link HttpService#close()} waits for running requests
 */
public record HttpServiceOptions(
    CallContext.Receiver receiver,
    InetSocketAddress address,
    int threads,
    int queueMax,
    int bodyMax,
    int pathMax,
    int headersMax,
    Duration readMax,
    Duration writeMax,
    Duration retryAfter,
    Duration drainMax) {

  private static final Duration LONGEST = Duration.ofHours(1);

  /** Checks the bounds. */
  public HttpServiceOptions {
    requireNonNull(receiver, "receiver");
    requireNonNull(address, "address");
    within("threads", threads, 1, 10_000);
    within("queueMax", queueMax, 0, 100_000);
    within("bodyMax", bodyMax, 0, 1 << 30);
    within("pathMax", pathMax, 1, 8192);
    within("headersMax", headersMax, 1, Headers.COUNT_MAX);
    positive("readMax", readMax);
    positive("writeMax", writeMax);
    positive("retryAfter", retryAfter);
    positive("drainMax", drainMax);
  }

  private static void within(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + min + " to " + max + ")");
    }
  }

  private static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: above 0, to " + LONGEST + ")");
    }
  }

  /** Returns the defaults. */
  public static HttpServiceOptions of(CallContext.Receiver receiver) {
    Duration exchange = Duration.ofSeconds(10);
    return new HttpServiceOptions(
        receiver,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        16,
        32,
        1 << 20,
        1024,
        Headers.COUNT_MAX,
        exchange,
        exchange,
        Duration.ofSeconds(1),
        exchange);
  }

  /** Returns these options with another address. */
  public HttpServiceOptions withAddress(InetSocketAddress changed) {
    return new HttpServiceOptions(
        receiver,
        changed,
        threads,
        queueMax,
        bodyMax,
        pathMax,
        headersMax,
        readMax,
        writeMax,
        retryAfter,
        drainMax);
  }

  /** Returns these options with other threads, and another queue before them. */
  public HttpServiceOptions withThreads(int changed, int changedQueueMax) {
    return new HttpServiceOptions(
        receiver,
        address,
        changed,
        changedQueueMax,
        bodyMax,
        pathMax,
        headersMax,
        readMax,
        writeMax,
        retryAfter,
        drainMax);
  }

  /** Returns these options with other bounds on what a request may hold. */
  public HttpServiceOptions withSizes(int body, int path, int headers) {
    return new HttpServiceOptions(
        receiver,
        address,
        threads,
        queueMax,
        body,
        path,
        headers,
        readMax,
        writeMax,
        retryAfter,
        drainMax);
  }

  /** Returns these options with other times for reading and writing. */
  public HttpServiceOptions withTimes(Duration read, Duration write) {
    return new HttpServiceOptions(
        receiver,
        address,
        threads,
        queueMax,
        bodyMax,
        pathMax,
        headersMax,
        read,
        write,
        retryAfter,
        drainMax);
  }

  /** Returns these options with another time for those who are refused. */
  public HttpServiceOptions withRetryAfter(Duration changed) {
    return new HttpServiceOptions(
        receiver,
        address,
        threads,
        queueMax,
        bodyMax,
        pathMax,
        headersMax,
        readMax,
        writeMax,
        changed,
        drainMax);
  }
}
