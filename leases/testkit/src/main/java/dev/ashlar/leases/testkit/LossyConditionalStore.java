package dev.ashlar.leases.testkit;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.leases.versioned.ConditionalStore;
import dev.ashlar.leases.versioned.Key;
import dev.ashlar.leases.versioned.Outcome;
import dev.ashlar.leases.versioned.Versioned;
import dev.ashlar.leases.versioned.Write;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * A way to a store on which requests and answers get lost, and copies of requests arrive late.
 *
 * <p><b>Threads.</b> Safe for one at a time; each thread has its own way.
 */
final class LossyConditionalStore<V> implements ConditionalStore<V> {

  /** What becomes of a request. */
  enum Way {
    /** It is answered. */
    WELL,
    /** It does not arrive. */
    REQUEST_LOST,
    /** It is carried out, and nobody hears of it. */
    ANSWER_LOST,
    /** It arrives before the next one. */
    LATE,
    /** It is answered, and arrives again before the next one. */
    TWICE
  }

  private final ConditionalStore<V> inner;
  private final Supplier<Way> ways;
  private final Deque<Write<V>> underWay = new ArrayDeque<>();

  LossyConditionalStore(ConditionalStore<V> inner, Supplier<Way> ways) {
    this.inner = inner;
    this.ways = ways;
  }

  @Override
  public Versioned<V> get(Key key, Deadline deadline) throws InterruptedException {
    return inner.get(key, deadline);
  }

  @Override
  public Outcome<V> apply(Write<V> write, Deadline deadline) throws InterruptedException {
    arrive(deadline);
    Way way = ways.get();
    if (way == Way.LATE || way == Way.TWICE) {
      underWay.add(write);
    }
    if (way == Way.LATE || way == Way.REQUEST_LOST) {
      return lost();
    }
    Outcome<V> outcome = inner.apply(write, deadline);
    return way == Way.ANSWER_LOST ? lost() : outcome;
  }

  /** Lets arrive what is under way. */
  void arrive(Deadline deadline) throws InterruptedException {
    while (!underWay.isEmpty()) {
      inner.apply(underWay.remove(), deadline);
    }
  }

  static <V> Outcome<V> lost() {
    return new Outcome.Unknown<>(
        new BackendException("store: no answer", Effect.UNKNOWN, new Advice.Transient(), null));
  }
}
