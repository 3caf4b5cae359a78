package dev.ashlar.examples.benchmarks.log;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Group commit around a store that has none: the first idle caller writes and forces for all that
 * queued behind it, with no thread of its own.
 */
public final class GroupedLog implements DurableLog {

  /** More than any workload has in flight; whoever comes later leads or waits. */
  private static final int QUEUED_MOST = 65_536;

  private final RecordStore store;
  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock();

  /*
   * Two groups live at a time: the one being written and the one that queues. Each has its own
   * condition, so the end of a write wakes those whose records are durable and one of the others,
   * who leads next, and nobody for nothing.
   */
  private final Condition[] groups = {lock.newCondition(), lock.newCondition()};
  private List<byte[]> queued = new ArrayList<>();
  private List<byte[]> spare = new ArrayList<>();
  private long group;
  private long writtenGroups;
  private boolean writing;
  private boolean broken;

  /** Wraps a store. */
  public GroupedLog(RecordStore store, TimeSource time) {
    this.store = store;
    this.time = time;
  }

  @Override
  public void append(byte[] record, Deadline deadline) throws Exception {
    awaitGroup(enqueue(record, deadline), deadline);
  }

  @Override
  public Ticket submit(byte[] record, Deadline deadline) throws Exception {
    long mine = enqueue(record, deadline);
    return until -> awaitGroup(mine, until);
  }

  /** Returns the group that the record belongs to. */
  private long enqueue(byte[] record, Deadline deadline) throws Exception {
    while (true) {
      long full;
      lock.lock();
      try {
        if (queued.size() < QUEUED_MOST) {
          queued.add(record);
          return group;
        }
        full = group;
      } finally {
        lock.unlock();
      }
      awaitGroup(full, deadline);
    }
  }

  private void awaitGroup(long mine, Deadline deadline) throws Exception {
    lock.lockInterruptibly();
    try {
      while (writtenGroups <= mine) {
        if (broken) {
          throw new IOException("the log is broken by an earlier failure");
        }
        if (!writing) {
          lead();
        } else if (!time.await(groups[(int) (mine & 1)], deadline)) {
          // The signal to lead may have been for this thread.
          groups[(int) (mine & 1)].signal();
          throw new TimeoutException("not durable in time; it may become so later");
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Writes all that is queued, without the lock, which the caller holds before and after. */
  private void lead() throws Exception {
    List<byte[]> records = queued;
    queued = spare;
    group++;
    writing = true;
    boolean done = false;
    lock.unlock();
    try {
      store.write(records);
      done = true;
    } finally {
      lock.lock();
      records.clear();
      spare = records;
      writing = false;
      broken = !done;
      if (done) {
        writtenGroups = group;
        groups[(int) ((group - 1) & 1)].signalAll();
        groups[(int) (group & 1)].signal();
      } else {
        groups[0].signalAll();
        groups[1].signalAll();
      }
    }
  }

  @Override
  public void read(Sink sink) throws Exception {
    store.read(sink);
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}
