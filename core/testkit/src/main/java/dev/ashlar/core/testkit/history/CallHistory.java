package dev.ashlar.core.testkit.history;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Effect;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.history.Operation.Outcome;
import dev.ashlar.core.testkit.history.Operation.Span;
import java.util.ArrayList;
import java.util.List;

/**
 * Records calls, of threads or of a simulated world, as they can be checked afterwards.
 *
 * <p>A call that is never ended stays open: it may take effect at any time, which is what a crash
 * of its caller and a lost answer leave.
 *
 * <p><b>Guarantees.</b> Moments are the nanoseconds since the history was made, each moved up, if
 * need be, by as little as makes it larger than the one before, in all threads together. So what
 * ended before something else began is recorded so, also if the clock stands still.
 *
 * <p><b>Not guaranteed.</b> That moments are exact where thousands of calls come within a
 * microsecond; only their order is.
 *
 * <p><b>Failures.</b> {@link IllegalStateException} once it is full: a history with a hole says
 * nothing. Also if a call is ended twice.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <p><b>Limits.</b> As many operations as it was made for, each of which takes about two hundred
 * bytes; it never drops any.
 *
 * <pre>{@code
 * CallHistory<Counter.Input, Long> history = CallHistory.of(TimeSource.system(), 10_000);
 * Long seen = history.record("thread-1", "visits", new Counter.Add(1), visits::incrementAndGet);
 * Linearizability.of(Counter.startingAt(0)).check(history.operations()).orThrow();
 * }</pre>
 *
 * @param <I> what is asked
 * @param <O> what is answered
 */
public final class CallHistory<I, O> {

  private final TimeSource time;
  private final int operationsMax;
  private final long origin;
  private final Object lock = new Object();

  // Guarded by the lock.
  private final List<Call<I, O>> calls = new ArrayList<>();
  private long last = -1;

  private CallHistory(TimeSource time, int operationsMax) {
    this.time = requireNonNull(time, "time");
    this.operationsMax = operationsMax;
    this.origin = time.nanos();
  }

  /**
   * Returns an empty history.
   *
   * @param time whose elapsed clock stamps the calls
   * @param operationsMax 1 to 10 million
   */
  public static <I, O> CallHistory<I, O> of(TimeSource time, int operationsMax) {
    if (operationsMax < 1 || operationsMax > 10_000_000) {
      throw new IllegalArgumentException(
          "operationsMax: " + operationsMax + " (expected: 1 to 10000000)");
    }
    return new CallHistory<>(time, operationsMax);
  }

  /**
   * Begins a call; to be called before the request leaves.
   *
   * @param process who calls, for people to read
   * @param key which object is called
   * @param input what is asked
   */
  public Call<I, O> invoke(String process, String key, I input) {
    synchronized (lock) {
      if (calls.size() == operationsMax) {
        throw new IllegalStateException(
            "history: full (expected: fewer than " + operationsMax + " operations)");
      }
      Call<I, O> call = new Call<>(this, process, key, input, moment());
      calls.add(call);
      return call;
    }
  }

  /**
   * Makes a call and records what comes of it: an output, nothing for a {@link BackendException}
   * without an effect, and unknown for whatever else is thrown, which comes out of here too.
   *
   * @param process who calls, for people to read
   * @param key which object is called
   * @param input what is asked
   * @param body makes the call
   */
  public <X extends Exception> O record(String process, String key, I input, Body<O, X> body)
      throws X {
    Call<I, O> call = invoke(process, key, input);
    try {
      O output = body.call();
      call.ok(output);
      return output;
    } catch (BackendException e) {
      if (e.effect() == Effect.NONE) {
        call.failed();
      } else {
        call.unknown();
      }
      throw e;
    }
  }

  /** Returns what was recorded so far, in the order in which it began. */
  public List<Operation<I, O>> operations() {
    synchronized (lock) {
      return calls.stream().map(Call::operation).toList();
    }
  }

  private long moment() {
    last = Math.max(last + 1, time.nanos() - origin);
    return last;
  }

  /**
   * A call that is under way, until it is ended.
   *
   * @param <I> what is asked
   * @param <O> what is answered
   */
  public static final class Call<I, O> {

    private final CallHistory<I, O> history;
    private final String process;
    private final String key;
    private final I input;
    private Span span;
    private Outcome<O> outcome = new Outcome.Unknown<>();

    private Call(CallHistory<I, O> history, String process, String key, I input, long began) {
      this.history = history;
      this.process = requireNonNull(process, "process");
      this.key = requireNonNull(key, "key");
      this.input = requireNonNull(input, "input");
      this.span = Span.open(began);
    }

    /** Ends it with an answer, also with one that came after its caller had given up. */
    public void ok(O output) {
      end(new Outcome.Answered<>(output));
    }

    /** Ends it: it had no effect and will have none. */
    public void failed() {
      end(new Outcome.Failed<>());
    }

    /** The caller gives up: the call stays open, unless its answer comes all the same. */
    public void unknown() {
      // An open call is one whose outcome nobody knows, so there is nothing to note.
    }

    private void end(Outcome<O> how) {
      synchronized (history.lock) {
        if (!(outcome instanceof Outcome.Unknown<O>)) {
          throw new IllegalStateException(
              process + ": " + input + " has ended (expected: one end for each call)");
        }
        span = new Span(span.began(), history.moment());
        outcome = how;
      }
    }

    private Operation<I, O> operation() {
      return new Operation<>(process, key, input, outcome, span);
    }
  }

  /**
   * Makes a call.
   *
   * @param <O> what is answered
   * @param <X> how it fails
   */
  @FunctionalInterface
  public interface Body<O, X extends Exception> {

    /** Makes it. */
    O call() throws X;
  }
}
