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

  /** Where they stand, by the path of the place. */
  private final Map<String, Tenure> standing = new HashMap<>();

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

  /** Notes who stands at a place; the caller has the lock. */
  void stand(String path, Tenure tenure) {
    standing.put(path, tenure);
  }

  void leave(String path) {
    standing.remove(path);
  }

  Optional<Tenure> at(String path) {
    return Optional.ofNullable(standing.get(path));
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
