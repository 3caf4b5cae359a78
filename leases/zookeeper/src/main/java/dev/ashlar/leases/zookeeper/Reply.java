package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.Deadline;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/** The answer to one request, which the client's event thread brings and a caller waits for. */
final class Reply<V> {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private Optional<Code> code = Optional.empty();
  private @Nullable V value;

  void set(int rc, @Nullable V answer) {
    lock.lock();
    try {
      code = Optional.of(Optional.ofNullable(Code.get(rc)).orElse(Code.SYSTEMERROR));
      value = answer;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns how the request ended; empty if it did not until the deadline. */
  Optional<Code> await(Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (code.isEmpty() && !deadline.hasExpired()) {
        // Whether it was in time shows in the code.
        boolean unused = deadline.time().await(arrived, deadline);
      }
      return code;
    } finally {
      lock.unlock();
    }
  }

  /** Returns what came with a good answer. */
  V value() {
    lock.lock();
    try {
      if (value == null) {
        throw new IllegalStateException("reply: none (expected: after a good answer)");
      }
      return value;
    } finally {
      lock.unlock();
    }
  }
}
