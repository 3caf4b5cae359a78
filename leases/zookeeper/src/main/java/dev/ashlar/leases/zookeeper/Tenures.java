package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Contender;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The places that this process has in queues, all under one lock that is never held for long. */
final class Tenures {

  private final TimeSource time;
  private final Observer observer;
  private final int most;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition fewer = lock.newCondition();
  private final Map<Contender, Tenure> known = new HashMap<>();

  /** Where they stand, by the path of the place, and by the number of the entry. */
  private final Map<String, Stand> standing = new HashMap<>();

  /** Who of this process came to a queue last, by the path of the queue. */
  private final Map<String, Stand> tails = new HashMap<>();

  Tenures(TimeSource time, Observer observer, int most) {
    this.time = time;
    this.observer = observer;
    this.most = most;
  }

  TimeSource time() {
    return time;
  }

  ReentrantLock lock() {
    return lock;
  }

  /** Begins a request of a contender; empty if too many others have places. */
  Optional<Tenure> enter(Contender contender, String queue) {
    lock.lock();
    try {
      @Nullable Tenure tenure = known.get(contender);
      if (tenure == null) {
        if (known.size() >= most) {
          return Optional.empty();
        }
        tenure = new Tenure(contender, queue, this);
        known.put(contender, tenure);
      }
      tenure.enter();
      return Optional.of(tenure);
    } finally {
      lock.unlock();
    }
  }

  /** Notes who stands somewhere; the caller has the lock. */
  void stand(String where, Stand one) {
    standing.put(where, one);
  }

  void leave(String where) {
    standing.remove(where);
  }

  Optional<Stand> at(String where) {
    return Optional.ofNullable(standing.get(where));
  }

  /** Notes who came to a queue last; the caller has the lock. */
  void join(String queue, Stand one) {
    tails.put(queue, one);
  }

  void part(String queue, Stand one) {
    tails.remove(queue, one);
  }

  Optional<Stand> tail(String queue) {
    return Optional.ofNullable(tails.get(queue));
  }

  void forget(Tenure tenure) {
    if (known.remove(tenure.contender(), tenure)) {
      fewer.signalAll();
    }
  }

  void lapsed() {
    observer.count("lease.zookeeper.lapsed", 1);
  }

  /** Ends all of them, and waits until their nodes are gone or the deadline has come. */
  void endAll(Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      for (Tenure tenure : List.copyOf(known.values())) {
        tenure.end();
      }
      known.values().removeIf(Tenure::isLeftToServers);
      while (!known.isEmpty() && !deadline.hasExpired()) {
        known.values().forEach(Tenure::sweep);
        // A sweep that deletes something needs another one that finds nothing.
        Deadline again = deadline.shortenedTo(ZooKeeperLeaseStore.SWEEP_EVERY);
        while (!known.isEmpty() && time.await(fewer, again)) {
          // Somebody went; the others may follow.
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
