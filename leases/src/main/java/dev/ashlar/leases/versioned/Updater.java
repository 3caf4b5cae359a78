package dev.ashlar.leases.versioned;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Reads a value, changes it and writes it back, again and again until nobody came in between.
 *
 * <p>The edit runs once for each try, so it is a pure function of what it is shown: no message
 * sent, no counter moved, nothing that must not happen twice.
 *
 * <p><b>Guarantees.</b> No update that was answered as applied is lost or carried out twice, and
 * none is carried out that was not answered as applied or undecided, whatever requests and answers
 * get lost (LEASE-96). Tries and time have an end, which is an answer of its own (LEASE-97).
 *
 * <p><b>Not guaranteed.</b> Fairness: who comes late may be quicker. That every update is decided:
 * where the store stays silent until the end, or more than {@value Versioned#NONCES_KEPT} others
 * wrote before it could be asked again, the answer is {@link Updated.Undecided}.
 *
 * <p><b>Failures.</b> {@link Updated.Failed} and {@link Updated.Undecided}; {@link Updated.Stale}
 * if the store writes under a claim and that is over; what the edit throws comes out, and then
 * nothing was written. {@link InterruptedException} leaves the effect unknown.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <p><b>Limits.</b> {@value #TRIES} tries unless told otherwise: enough for some ten writers of one
 * key, and whoever has more needs several keys. Between two, a time by chance of up to 5 ms, then
 * up to twice as much each time, up to half a second.
 *
 * <pre>{@code
 * Updated<Long> updated =
 *     updater.update(visits, n -> new Edit.Put<>(n.orElse(0L) + 1), deadline);
 * }</pre>
 *
 * @param <V> the values
 * @see <a href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">Brooker,
 *     Exponential Backoff and Jitter, 2015</a>
 */
public final class Updater<V> {

  /** The tries unless told otherwise. */
  public static final int TRIES = 20;

  private static final int TRIES_MOST = 1000;

  private final ConditionalStore<V> store;
  private final IdSource ids;
  private final RandomGenerator random;
  private final Observer observer;
  private final int triesMax;

  private Updater(
      ConditionalStore<V> store,
      IdSource ids,
      RandomGenerator random,
      Observer observer,
      int triesMax) {
    this.store = requireNonNull(store, "store");
    this.ids = requireNonNull(ids, "ids");
    this.random = requireNonNull(random, "random");
    this.observer = requireNonNull(observer, "observer");
    this.triesMax = triesMax;
  }

  /**
   * Returns the updater of a store.
   *
   * @param ids makes the nonces
   * @param random spreads the tries; used by one thread at a time
   * @param observer is told of conflicts and of missing answers
   */
  public static <V> Updater<V> of(
      ConditionalStore<V> store, IdSource ids, RandomGenerator random, Observer observer) {
    return new Updater<>(store, ids, random, observer, TRIES);
  }

  /**
   * Returns this updater with another bound.
   *
   * @param changed 1 to 1000
   */
  public Updater<V> withTriesMax(int changed) {
    if (changed < 1 || changed > TRIES_MOST) {
      throw new IllegalArgumentException(
          "triesMax: " + changed + " (expected: 1 to " + TRIES_MOST + ")");
    }
    return new Updater<>(store, ids, random, observer, changed);
  }

  /**
   * Updates a value.
   *
   * @param edit is shown the value, if there is one; may run several times
   * @param deadline of all tries together
   */
  public Updated<V> update(
      Key key, Function<? super Optional<V>, ? extends Edit<V>> edit, Deadline deadline)
      throws InterruptedException {
    return new Update<>(this, requireNonNull(key, "key"), edit, deadline).run();
  }

  ConditionalStore<V> store() {
    return store;
  }

  Observer observer() {
    return observer;
  }

  int triesMax() {
    return triesMax;
  }

  String nonce() {
    return ids.text();
  }

  /** Returns a number from zero up to, not including, one. */
  double chance() {
    synchronized (random) {
      return random.nextDouble();
    }
  }
}
