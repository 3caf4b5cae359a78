package dev.ashlar.leases.guard;

import dev.ashlar.core.Observer;
import dev.ashlar.leases.Fence;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/*
 * A rejection is known from its first publish until 1,024 others have come:
 *
 *   KEPT --- is being given to the publisher ---> GIVEN --- taken ---> TAKEN
 *     ^                                             |
 *     +------------------ it threw -----------------+
 *
 * The lock is never held while the publisher runs; GIVEN keeps two threads from giving the same one.
 * A pass ends at the first failure, because what is down for one is down for all of them.
 */

/** What is going out, and what has gone. */
final class PendingRejections implements RejectionPublisher {

  /** About half a megabyte; a holder is rejected once in its life, so this is much. */
  static final int KNOWN_MAX = 1_024;

  private final RejectionPublisher to;
  private final Observer observer;
  private final Object lock = new Object();

  // Guarded by the lock, oldest first.
  private final Map<Key, Entry> known = new LinkedHashMap<>();

  PendingRejections(RejectionPublisher to, Observer observer) {
    this.to = to;
    this.observer = observer;
  }

  private enum Stage {
    KEPT,
    GIVEN,
    TAKEN
  }

  private record Key(String resource, Fence presented) {}

  private record Entry(FenceRejection rejection, Stage stage) {}

  @Override
  public void publish(FenceRejection rejection) {
    boolean dropped = false;
    synchronized (lock) {
      known.putIfAbsent(key(rejection), new Entry(rejection, Stage.KEPT));
      if (known.size() > KNOWN_MAX) {
        Iterator<Entry> oldest = known.values().iterator();
        dropped = oldest.next().stage() == Stage.KEPT;
        oldest.remove();
      }
    }
    if (dropped) {
      observer.count("guard.rejection.dropped", 1);
    }
    retry();
  }

  /** Gives what was not taken yet, until all are or one fails. */
  void retry() {
    boolean taken = true;
    Optional<FenceRejection> next = next();
    while (taken && next.isPresent()) {
      taken = given(next.get());
      next = taken ? next() : Optional.empty();
    }
  }

  private Optional<FenceRejection> next() {
    synchronized (lock) {
      for (Map.Entry<Key, Entry> entry : known.entrySet()) {
        if (entry.getValue().stage() == Stage.KEPT) {
          FenceRejection rejection = entry.getValue().rejection();
          entry.setValue(new Entry(rejection, Stage.GIVEN));
          return Optional.of(rejection);
        }
      }
      return Optional.empty();
    }
  }

  private boolean given(FenceRejection rejection) {
    Stage stage = Stage.KEPT;
    try {
      to.publish(rejection);
      stage = Stage.TAKEN;
    } catch (RuntimeException e) {
      // Not taken, which the rejected holder can do nothing about; the next rejection tries again.
      observer.count("guard.rejection.kept", 1);
    } finally {
      settle(new Entry(rejection, stage));
    }
    return stage == Stage.TAKEN;
  }

  private void settle(Entry after) {
    boolean forgotten;
    synchronized (lock) {
      forgotten = known.replace(key(after.rejection()), after) == null;
    }
    if (forgotten && after.stage() == Stage.KEPT) {
      observer.count("guard.rejection.dropped", 1);
    }
  }

  private static Key key(FenceRejection rejection) {
    return new Key(rejection.resource(), rejection.presented());
  }
}
