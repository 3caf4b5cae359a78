package dev.ashlar.examples.benchmarks.log;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.activemq.artemis.core.journal.IOCompletion;

/** A callback of the journal that can be waited for until a deadline. */
final class ArtemisTicket implements DurableLog.Ticket, IOCompletion {

  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile boolean done;
  private String error = "";

  ArtemisTicket(TimeSource time) {
    this.time = time;
  }

  @Override
  public void storeLineUp() {}

  @Override
  public void done() {
    end("");
  }

  @Override
  public void onError(int code, String message) {
    end("error " + code + ": " + message);
  }

  private void end(String how) {
    lock.lock();
    try {
      error = how;
      done = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void await(Deadline deadline) throws Exception {
    lock.lockInterruptibly();
    try {
      while (!done) {
        if (!time.await(changed, deadline)) {
          throw new TimeoutException("not durable in time; it may become so later");
        }
      }
      if (!error.isEmpty()) {
        throw new IOException(error);
      }
    } finally {
      lock.unlock();
    }
  }
}
