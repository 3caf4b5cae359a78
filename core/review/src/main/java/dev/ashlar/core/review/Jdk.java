package dev.ashlar.core.review;

/** The members of the JDK and of common libraries that rules look for, by name. */
final class Jdk {

  private static final String CONCURRENT = "java.util.concurrent.";

  static final Target[] BOUND_IF_GIVEN = {
    Target.of(CONCURRENT + "LinkedBlockingQueue", "<init>"),
    Target.of(CONCURRENT + "LinkedBlockingDeque", "<init>")
  };
  static final Target[] NEVER_BOUND = {
    Target.of(CONCURRENT + "ConcurrentLinkedQueue", "<init>"),
    Target.of(CONCURRENT + "ConcurrentLinkedDeque", "<init>"),
    Target.of(CONCURRENT + "LinkedTransferQueue", "<init>"),
    Target.of(CONCURRENT + "PriorityBlockingQueue", "<init>"),
    Target.of(CONCURRENT + "DelayQueue", "<init>")
  };
  static final Target[] UNBOUND_POOLS = {
    Target.of(
        CONCURRENT + "Executors",
        "newFixedThreadPool",
        "newSingleThreadExecutor",
        "newCachedThreadPool",
        "newScheduledThreadPool",
        "newSingleThreadScheduledExecutor",
        "newWorkStealingPool",
        "newThreadPerTaskExecutor",
        "newVirtualThreadPerTaskExecutor")
  };
  static final Target[] WAITS = {
    Target.of("java.lang.Thread", "sleep", "yield", "onSpinWait", "join"),
    Target.of(CONCURRENT + "TimeUnit", "sleep"),
    Target.of(CONCURRENT + "locks.LockSupport", "park", "parkNanos", "parkUntil")
  };
  static final String THREADS_OWN = "java.lang.ThreadLocal";
  static final Target[] REQUESTS = {
    Target.of("java.net.http.HttpClient", "send", "sendAsync"),
    Target.of("java.net.URLConnection", "connect", "getInputStream", "getOutputStream")
  };
  static final Target RANDOM_ID = Target.of("java.util.UUID", "randomUUID");

  static final Target[] WALL_CLOCKS = {
    Target.of("java.time.Instant", "now"),
    Target.of("java.time.LocalDateTime", "now"),
    Target.of("java.time.OffsetDateTime", "now"),
    Target.of("java.time.ZonedDateTime", "now"),
    Target.of("java.time.Clock", "instant", "millis"),
    Target.of("java.lang.System", "currentTimeMillis")
  };

  static final Target EXECUTORS =
      Target.of(
          CONCURRENT + "Executors",
          "newFixedThreadPool",
          "newSingleThreadExecutor",
          "newCachedThreadPool",
          "newWorkStealingPool",
          "newThreadPerTaskExecutor",
          "newVirtualThreadPerTaskExecutor");
  static final Target[] BARE_THREADS = {
    Target.of("java.lang.Thread", "<init>", "startVirtualThread"),
    Target.of(CONCURRENT + "ForkJoinPool", "commonPool"),
    Target.of("java.util.Timer", "<init>"),
    Target.of("java.util.Collection", "parallelStream")
  };
  static final Target SHUTDOWN_HOOK = Target.of("java.lang.Runtime", "addShutdownHook");
  static final Target FUTURES =
      Target.of(
          CONCURRENT + "CompletableFuture",
          "supplyAsync",
          "runAsync",
          "thenApplyAsync",
          "thenAcceptAsync",
          "thenRunAsync",
          "thenComposeAsync",
          "thenCombineAsync",
          "thenAcceptBothAsync",
          "runAfterBothAsync",
          "applyToEitherAsync",
          "acceptEitherAsync",
          "runAfterEitherAsync",
          "handleAsync",
          "whenCompleteAsync",
          "exceptionallyAsync",
          "exceptionallyComposeAsync",
          "completeAsync");

  static final Target LOG_CONTEXT =
      Target.of("org.slf4j.MDC", "put", "putCloseable", "remove", "clear", "setContextMap");
  static final Target TRACE_ID =
      Target.of("io.opentelemetry.api.trace.SpanContext", "getTraceId", "getTraceIdBytes");

  private Jdk() {}
}
