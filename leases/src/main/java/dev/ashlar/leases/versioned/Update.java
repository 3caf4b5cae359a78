package dev.ashlar.leases.versioned;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.leases.versioned.Versioned.Fate;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/*
 * One update. Two loops, one in the other:
 *
 *   read, edit ----> write W ----> Applied                                          -> Applied
 *     ^                |  ^------- Unknown: send the same W again
 *     |                v
 *     +------------ Conflict   unless a W before it had no answer, and the nonces do not show
 *                      |       that somebody else's write took the version          -> Undecided
 *                      |
 *                    Stale     likewise, unless a rejection says that no W can come  -> Stale
 *
 * After an Unknown there is no look that would decide: a row that is as it was may be hit by W a
 * moment later. Sending W again decides: it expects one version, and a version is taken once. So
 * the store answers applied, by whichever copy, or conflict; and a conflict tells by the nonces
 * that no copy was applied, or that nobody can tell any more.
 *
 * Under a claim that is over no W can be sent again. If a successor has claimed, its claim has
 * waited for what was under way, so here a look decides. If nobody has, as after a loss by the
 * clock alone, a W that has not arrived may still do so.
 */

/** One update, until it has ended. */
final class Update<V> {

  private static final long PAUSE_FIRST_NANOS = 5_000_000;
  private static final long PAUSE_MOST_NANOS = 500_000_000;

  private final Updater<V> updater;
  private final Key key;
  private final Function<? super Optional<V>, ? extends Edit<V>> edit;
  private final Deadline deadline;
  private int tries;

  Update(
      Updater<V> updater,
      Key key,
      Function<? super Optional<V>, ? extends Edit<V>> edit,
      Deadline deadline) {
    this.updater = updater;
    this.key = key;
    this.edit = edit;
    this.deadline = deadline;
  }

  Updated<V> run() throws InterruptedException {
    Optional<Updated<V>> end = once();
    while (end.isEmpty()) {
      end = once();
    }
    return end.get();
  }

  private Optional<Updated<V>> once() throws InterruptedException {
    Versioned<V> seen;
    try {
      seen = updater.store().get(key, deadline);
    } catch (BackendException e) {
      tries++;
      return mayGoOn(e.advice()) ? Optional.empty() : Optional.of(new Updated.Failed<>(e));
    }
    Edit<V> decided = edit.apply(seen.value());
    if (decided instanceof Edit.Leave) {
      return Optional.of(new Updated.Left<>(seen));
    }
    Optional<V> value =
        decided instanceof Edit.Put<V> put ? Optional.of(put.value()) : Optional.empty();
    return settled(
        new Write<>(key, value, new Write.Version(seen.version()), updater.nonce()),
        seen.version());
  }

  /** Sends one write until it is decided; nothing if it was refused and there is another try. */
  private Optional<Updated<V>> settled(Write<V> write, long expected) throws InterruptedException {
    BackendException unclear = null;
    while (true) {
      tries++;
      Outcome<V> outcome = updater.store().apply(write, deadline);
      if (outcome instanceof Outcome.Applied<V> applied) {
        return Optional.of(new Updated.Applied<>(applied.version(), write.value()));
      }
      if (outcome instanceof Outcome.Conflict<V> conflict) {
        Fate fate = conflict.current().fateOf(write.nonce(), expected);
        Optional<Updated<V>> end = earlier(write, expected, fate, unclear);
        return end.isPresent() ? end : refused(conflict.current());
      }
      if (outcome instanceof Outcome.Stale<V> stale) {
        return Optional.of(over(write, expected, stale, unclear));
      }
      updater.observer().count("versioned.unknown", 1);
      BackendException failure = ((Outcome.Unknown<V>) outcome).failure();
      unclear = failure.effect() == Effect.UNKNOWN ? failure : unclear;
      if (!mayGoOn(failure.advice())) {
        return Optional.of(undone(write, failure, unclear));
      }
    }
  }

  /** Returns how it ends if an earlier copy was carried out, or may have been, or may still be. */
  private Optional<Updated<V>> earlier(
      Write<V> write, long expected, Fate fate, @Nullable BackendException unclear) {
    if (fate == Fate.APPLIED) {
      return Optional.of(new Updated.Applied<>(expected + 1, write.value()));
    }
    return unclear == null || fate == Fate.REFUSED
        ? Optional.empty()
        : Optional.of(new Updated.Undecided<>(write, unclear));
  }

  private Updated<V> over(
      Write<V> write, long expected, Outcome.Stale<V> stale, @Nullable BackendException unclear) {
    updater.observer().count("versioned.stale", 1);
    Fate fate = stale.current().fateOf(write.nonce(), expected);
    // Whoever has claimed since has waited for the copies that were under way.
    boolean never = fate == Fate.NOT_YET && stale.rejection().isPresent();
    return earlier(write, expected, never ? Fate.REFUSED : fate, unclear)
        .orElseGet(() -> new Updated.Stale<>(stale.rejection(), stale.current()));
  }

  /** The last failure may have been harmless, but one before it was not. */
  private Updated<V> undone(
      Write<V> write, BackendException last, @Nullable BackendException unclear) {
    return unclear == null ? new Updated.Failed<>(last) : new Updated.Undecided<>(write, unclear);
  }

  private Optional<Updated<V>> refused(Versioned<V> current) throws InterruptedException {
    updater.observer().count("versioned.conflict", 1);
    return mayGoOn(new Advice.Transient())
        ? Optional.empty()
        : Optional.of(new Updated.Exhausted<>(tries, current));
  }

  /** Waits for the next try, if there is to be one. */
  private boolean mayGoOn(Advice advice) throws InterruptedException {
    if (advice instanceof Advice.Permanent || tries >= updater.triesMax()) {
      return false;
    }
    long most = Math.min(PAUSE_MOST_NANOS, PAUSE_FIRST_NANOS << Math.min(tries - 1, 7));
    Duration pause = Duration.ofNanos((long) (most * updater.chance()));
    if (advice instanceof Advice.Overloaded overloaded) {
      pause = pause.plus(overloaded.retryAfter());
    }
    deadline.time().sleep(deadline.shortenedTo(pause).remaining());
    return !deadline.hasExpired();
  }
}
