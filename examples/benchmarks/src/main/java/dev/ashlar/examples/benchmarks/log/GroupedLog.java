package dev.ashlar.examples.benchmarks.log;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Group commit around a store that has none: the first idle caller writes and forces for all that
 * queued behind it, with no thread of its own.
 */
public final class GroupedLog implements DurableLog {

  /** More than any workload has in flight; whoever comes later leads or waits. */
  private static final int QUEUED_MOST = 65_536;

  /** Threads of one group that wait at one lock; a woken thread needs its lane's lock to go on. */
  private static final int LANES = 16;

  private final RecordStore store;
  private final ReentrantLock lock = new ReentrantLock();

  /*
   * Two groups live at a time: the one being written and the one that queues. The end of a write
   * wakes one of the group that queued, who leads next, and all whose records are durable, and
   * nobody for nothing.
   */
  private final Lane[][] lanes = new Lane[2][LANES];
  private final AtomicBoolean writing = new AtomicBoolean();
  private List<byte[]> queued = new ArrayList<>();
  private List<byte[]> spare = new ArrayList<>();
  private long group;
  private volatile long writtenGroups;
  private volatile boolean broken;

  /** Wraps a store. */
  public GroupedLog(RecordStore store, TimeSource time) {
    this.store = store;
    for (Lane[] group : lanes) {
      Arrays.setAll(group, i -> new Lane(time));
    }
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
    Lane lane = lanes[(int) (mine & 1)][(int) (Thread.currentThread().getId() % LANES)];
    while (writtenGroups <= mine) {
      if (broken) {
        throw new IOException("the log is broken by an earlier failure");
      }
      if (writing.compareAndSet(false, true)) {
        lead(mine);
      } else if (!lane.await(() -> !writing.get() || writtenGroups > mine, deadline)) {
        // The signal to lead may have been for this thread.
        wakeLeader(mine);
        throw new TimeoutException("not durable in time; it may become so later");
      }
    }
  }

  /** Writes all that is queued, unless another has done so meanwhile. */
  private void lead(long mine) throws Exception {
    long written = writtenGroups;
    boolean done = false;
    try {
      if (written <= mine) {
        List<byte[]> records = takeQueued();
        store.write(records);
        records.clear();
        spare = records;
        written++;
      }
      done = true;
    } finally {
      if (!done) {
        broken = true;
      }
      writtenGroups = written;
      writing.set(false);
      wakeLeader(written);
      for (Lane lane : lanes[(int) ((written + 1) & 1)]) {
        lane.wakeAll();
      }
    }
  }

  private List<byte[]> takeQueued() {
    lock.lock();
    try {
      List<byte[]> records = queued;
      queued = spare;
      group++;
      return records;
    } finally {
      lock.unlock();
    }
  }

  /** Wakes one of a group, or all once nobody can lead any more. */
  private void wakeLeader(long whose) {
    for (Lane lane : lanes[(int) (whose & 1)]) {
      if (broken) {
        lane.wakeAll();
      } else if (lane.wakeOne()) {
        return;
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
