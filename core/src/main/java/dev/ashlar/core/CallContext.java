package dev.ashlar.core;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * What every hop of a request needs to know of the whole: its ids, the time left, how much it
 * matters, and who may retry.
 *
 * <p>It is a value, handed on as an argument or, where a signature has no room for it, made
 * {@linkplain #current() current} for the length of a closure. On a <b>synchronous hop</b> all of
 * it travels ({@link #into}); the receiver starts its own deadline on receipt, because clocks
 * differ. On an <b>asynchronous hand-over</b> (a queue, an outbox row, a timer) only ids,
 * criticality, cohort and client travel ({@link #storedInto}): the caller's deadline and right to
 * retry end with the caller, and committed work is not dropped because the request that caused it
 * timed out.
 *
 * <p><b>Guarantees.</b> The time left never grows along any chain of children, threads and hops
 * (CALL-17). What travels comes out as it went in, the time left to a millisecond (CALL-18), in
 * bytes that do not depend on the transport (CALL-20). Any header text gives a context: what is
 * malformed is replaced and counted, never an error, and never yields more time or a higher
 * criticality than the receiver allows (CALL-19). After a closure the thread has the context it had
 * before, also when the closure throws (CALL-22). A message outlives the deadline of the request
 * that sent it (CALL-51).
 *
 * <p><b>Not guaranteed.</b> Identity: headers are claims. Quota keys come from authentication.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * <p><b>Limits.</b> The context header has at most {@value #HEADER_MAX} characters.
 *
 * <pre>{@code
 * CallContext context = CallContext.root(ids, Deadline.after(Duration.ofSeconds(2), time), "web");
 * Headers headers = context.child(Duration.ofMillis(500)).into(Headers.empty());
 * }</pre>
 *
 * @param correlation names everything done for one client request
 * @param request names this handling
 * @param causedBy names the handling that caused this one
 * @param deadline until when the answer is of use
 * @param criticality how much is lost by refusing it
 * @param cohort 0 to {@value #COHORT_MAX}; refusing by cohort treats one user alike for a while
 * @param attempt counts from 1, the first attempt included
 * @param retryRight who may retry
 * @param client the name of the calling program, 1 to 64 of {@code A-Z a-z 0-9 . _ -}
 */
public record CallContext(
    CorrelationId correlation,
    RequestId request,
    Optional<RequestId> causedBy,
    Deadline deadline,
    Criticality criticality,
    int cohort,
    int attempt,
    RetryRight retryRight,
    String client) {

  /** The name of the header with the correlation id alone, for programs that know nothing else. */
  public static final String CORRELATION_HEADER = "correlation-id";

  /** The name of the header with everything else. */
  public static final String CONTEXT_HEADER = "ashlar-context";

  /** The longest context header that is written or read, in characters. */
  public static final int HEADER_MAX = 512;

  /** The greatest cohort. */
  public static final int COHORT_MAX = 127;

  /** The greatest attempt; nobody means to try more often. */
  public static final int ATTEMPT_MAX = 1_000_000;

  private static final ThreadLocal<Optional<CallContext>> CURRENT =
      ThreadLocal.withInitial(Optional::empty);

  /** Checks the parts. */
  public CallContext {
    requireNonNull(correlation, "correlation");
    requireNonNull(request, "request");
    requireNonNull(causedBy, "causedBy");
    requireNonNull(deadline, "deadline");
    requireNonNull(criticality, "criticality");
    requireNonNull(retryRight, "retryRight");
    if (cohort < 0 || cohort > COHORT_MAX) {
      throw new IllegalArgumentException(
          "cohort: " + cohort + " (expected: 0 to " + COHORT_MAX + ")");
    }
    if (attempt < 1 || attempt > ATTEMPT_MAX) {
      throw new IllegalArgumentException(
          "attempt: " + attempt + " (expected: 1 to " + ATTEMPT_MAX + ")");
    }
    if (!IdSource.isWellFormed(client)) {
      throw new IllegalArgumentException(
          "client: " + client.length() + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
  }

  /**
   * Returns the context of work that nothing outside has caused.
   *
   * @param ids makes its ids
   * @param deadline until when the work is of use
   * @param client the name of this program
   */
  public static CallContext root(IdSource ids, Deadline deadline, String client) {
    CorrelationId correlation = ids.correlation();
    return new CallContext(
        correlation,
        ids.request(),
        Optional.empty(),
        deadline,
        Criticality.CRITICAL,
        cohortOf(correlation),
        1,
        RetryRight.FREE,
        client);
  }

  /** Returns the cohort of requests that carry none: one request tree stays together. */
  static int cohortOf(CorrelationId correlation) {
    return Math.floorMod(correlation.value().hashCode(), COHORT_MAX + 1);
  }

  /**
   * Returns the context of a part of this work.
   *
   * @param cap how long the part may take; it never gets more time than is left of the whole
   */
  public CallContext child(Duration cap) {
    return with(deadline.shortenedTo(cap), criticality, cohort, attempt, retryRight);
  }

  /**
   * Returns this context for one attempt.
   *
   * @param number counts from 1, the first attempt included
   */
  public CallContext forAttempt(int number) {
    return with(deadline, criticality, cohort, number, retryRight);
  }

  /** Returns this context with the criticality lowered to {@code ceiling}; it is never raised. */
  public CallContext withCriticalityAtMost(Criticality ceiling) {
    return with(deadline, criticality.atMost(ceiling), cohort, attempt, retryRight);
  }

  /** Returns this context in another cohort. */
  public CallContext withCohort(int changed) {
    return with(deadline, criticality, changed, attempt, retryRight);
  }

  /** Returns this context with another right to retry. */
  public CallContext withRetryRight(RetryRight changed) {
    return with(deadline, criticality, cohort, attempt, changed);
  }

  private CallContext with(
      Deadline deadline, Criticality criticality, int cohort, int attempt, RetryRight right) {
    return new CallContext(
        correlation, request, causedBy, deadline, criticality, cohort, attempt, right, client);
  }

  /** Returns headers with this context in them, for a synchronous hop. */
  public Headers into(Headers headers) {
    return headers
        .with(CORRELATION_HEADER, correlation.value())
        .with(CONTEXT_HEADER, ContextHeader.print(this));
  }

  /** Returns headers with what outlives this call, for a message, a stored row or a timer. */
  public Headers storedInto(Headers headers) {
    return headers
        .with(CORRELATION_HEADER, correlation.value())
        .with(CONTEXT_HEADER, ContextHeader.printStored(this));
  }

  /** Returns the context that this thread runs in, if any. */
  public static Optional<CallContext> current() {
    return CURRENT.get();
  }

  /** Runs a task in this context. */
  public void run(Runnable task) {
    Optional<CallContext> before = CURRENT.get();
    CURRENT.set(Optional.of(this));
    try {
      task.run();
    } finally {
      restore(before);
    }
  }

  /** Runs a task in this context and returns its result. */
  public <T, X extends Exception> T call(Task<T, X> task) throws X {
    Optional<CallContext> before = CURRENT.get();
    CURRENT.set(Optional.of(this));
    try {
      return task.run();
    } finally {
      restore(before);
    }
  }

  /**
   * Runs a task in no context and returns its result, as a thread does that nobody has given one.
   * For work that belongs to no request though a request's thread happens to do it.
   */
  public static <T, X extends Exception> T callWithout(Task<T, X> task) throws X {
    Optional<CallContext> before = CURRENT.get();
    CURRENT.remove();
    try {
      return task.run();
    } finally {
      restore(before);
    }
  }

  /** Returns a task that runs in this context, whichever thread runs it. */
  public Runnable wrap(Runnable task) {
    requireNonNull(task, "task");
    return () -> run(task);
  }

  /** Returns a task that runs in this context, whichever thread calls it. */
  public <T> Callable<T> wrap(Callable<T> task) {
    requireNonNull(task, "task");
    return () -> call(task::call);
  }

  /** A thread without a context keeps no entry, so a pooled thread holds nothing back. */
  private static void restore(Optional<CallContext> before) {
    if (before.isPresent()) {
      CURRENT.set(before);
    } else {
      CURRENT.remove();
    }
  }

  /**
   * A piece of work that runs in a context.
   *
   * @param <T> what it returns
   * @param <X> what it throws, and nothing else checked comes out of running it
   */
  @FunctionalInterface
  public interface Task<T, X extends Exception> {

    /** Does the work. */
    T run() throws X;
  }

  /**
   * How a server or consumer turns headers into a context: whom it trusts, and its bounds.
   *
   * <p><b>Threads.</b> Immutable; safe if its observer is.
   *
   * @param trust whose headers these are
   * @param ceiling the highest criticality that a caller can have
   * @param longest the most time that a caller can get
   * @param ids makes the id of each handling
   * @param time whose elapsed clock the deadlines live by
   * @param observer is told {@code "context.malformed"}
   */
  public record Receiver(
      Trust trust,
      Criticality ceiling,
      Duration longest,
      IdSource ids,
      TimeSource time,
      Observer observer) {

    /** Checks the parts. */
    public Receiver {
      requireNonNull(trust, "trust");
      requireNonNull(ceiling, "ceiling");
      requireNonNull(ids, "ids");
      requireNonNull(time, "time");
      requireNonNull(observer, "observer");
      if (longest.isNegative() || longest.compareTo(Deadline.LONGEST) > 0) {
        throw new IllegalArgumentException(
            "longest: " + longest + " (expected: 0 to " + Deadline.LONGEST + ")");
      }
    }

    /** Returns the context of a request that came with these headers and waits for an answer. */
    public CallContext receive(Headers headers) {
      return ContextHeader.receive(this, headers);
    }

    /**
     * Returns the context of a message, row or timer that came with these headers.
     *
     * @param attempt the delivery's own count
     * @param deadline the consumer's own; nothing that the producer sent shortens or lengthens it
     */
    public CallContext deliver(Headers headers, int attempt, Deadline deadline) {
      return ContextHeader.deliver(this, headers, attempt, deadline);
    }
  }

  /** Whose headers a receiver reads. */
  public enum Trust {
    /** Anybody's. Nothing is taken but a well-formed correlation id. */
    EDGE,
    /** Those of a program of the same owner. All is taken, within the receiver's bounds. */
    PEER
  }
}
