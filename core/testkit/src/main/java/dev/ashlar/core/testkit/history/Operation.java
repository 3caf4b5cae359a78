package dev.ashlar.core.testkit.history;

import static java.util.Objects.requireNonNull;

/**
 * One call to a shared object: what was asked, what was answered, and from when to when it lasted.
 *
 * <p><b>Threads.</b> Immutable, if input and output are.
 *
 * @param process who called, for people to read
 * @param key which object: objects of different keys have nothing in common
 * @param input what was asked
 * @param outcome what came of it
 * @param span from before the call to after its answer; {@link Span#open} if there was none
 * @param <I> what is asked
 * @param <O> what is answered
 */
public record Operation<I, O>(String process, String key, I input, Outcome<O> outcome, Span span) {

  /** Checks the parts. */
  public Operation {
    requireNonNull(process, "process");
    requireNonNull(key, "key");
    requireNonNull(input, "input");
    requireNonNull(outcome, "outcome");
    requireNonNull(span, "span");
    if (outcome instanceof Outcome.Answered<O> && span.isOpen()) {
      throw new IllegalArgumentException("span: open (expected: closed, since it was answered)");
    }
  }

  /** Returns whether it was carried out and answered. */
  public boolean isAnswered() {
    return outcome instanceof Outcome.Answered<O>;
  }

  /**
   * What came of a call.
   *
   * @param <O> what is answered
   */
  public sealed interface Outcome<O> {

    /**
     * It was carried out.
     *
     * @param output what was answered
     */
    record Answered<O>(O output) implements Outcome<O> {

      /** Checks the part. */
      public Answered {
        requireNonNull(output, "output");
      }
    }

    /** It was certainly not carried out, and never will be. */
    record Failed<O>() implements Outcome<O> {}

    /** Nobody knows: it may have been carried out, or be carried out at any later time. */
    record Unknown<O>() implements Outcome<O> {}
  }

  /**
   * From when to when a call lasted, by a counter that all callers share. Calls have an order only
   * if one ended before the other began.
   *
   * @param began read before the call
   * @param ended read after its answer
   */
  public record Span(long began, long ended) {

    /** Checks the order. */
    public Span {
      if (ended < began) {
        throw new IllegalArgumentException(
            "ended: " + ended + " (expected: at least " + began + ")");
      }
    }

    /** Returns the span of a call without an answer. */
    public static Span open(long began) {
      return new Span(began, Long.MAX_VALUE);
    }

    /** Returns whether the call never ended. */
    public boolean isOpen() {
      return ended == Long.MAX_VALUE;
    }

    /** Returns whether this call was over before the other one began. */
    public boolean isBefore(Span other) {
      return ended < other.began;
    }
  }
}
