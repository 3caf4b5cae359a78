package dev.ashlar.messaging.journal;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The journal's own thread: makes the next segment ahead, and forces at intervals. */
final class Upkeep {

  private static final Duration PAUSE = Duration.ofMillis(50);

  private static final long RETRY_NANOS = 1_000_000_000L;

  private final Journal journal;
  private final List<Disk> disks;
  private final DiskOptions options;
  private final TimeSource time;
  private final Observer observer;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition stopping = lock.newCondition();
  private final Scrub scrub;
  private final Duration pause;
  private boolean stopped;

  /** The id of the last segment when the spare was made. */
  private long preparedAfter = -1;

  private long failed;

  Upkeep(
      Journal journal, List<Disk> disks, DiskOptions options, TimeSource time, Observer observer) {
    this.journal = journal;
    this.disks = disks;
    this.options = options;
    this.time = time;
    this.observer = observer;
    this.failed = time.nanos() - RETRY_NANOS;
    this.scrub = new Scrub(journal, disks, observer);
    this.pause =
        options.durability() instanceof Durability.Every every
                && every.interval().compareTo(PAUSE) < 0
            ? every.interval()
            : PAUSE;
  }

  void start() {
    if (journal.enter()) {
      Thread thread = new Thread(this::run, "ashlar-journal");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void run() {
    try {
      untilStopped();
    } finally {
      scrub.close();
      journal.leave();
    }
  }

  private void untilStopped() {
    long last = time.nanos();
    do {
      prepare();
      long now = time.nanos();
      if (options.durability() instanceof Durability.Every every
          && now - last >= every.interval().minus(pause).toNanos()) {
        last = now;
        force();
      }
      scrub();
      journal.writeLeftovers();
    } while (goesOn());
  }

  /** One folder alone has nothing to repair from; what is wrong there is told when it is read. */
  private void scrub() {
    if (disks.size() > 1) {
      long budget = Scrub.BYTES_PER_SECOND * pause.toNanos() / 1_000_000_000L;
      scrub.step(Math.max(1, budget));
    }
  }

  private boolean goesOn() {
    Deadline deadline = Deadline.after(pause, time);
    lock.lock();
    try {
      while (!stopped && time.await(stopping, deadline)) {
        // Woken without cause, or to stop: the condition of the loop knows.
      }
      return !stopped;
    } catch (InterruptedException nobodyElseKnowsThisThread) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes the next segment, once for each that is begun. A failure here harms nobody: who needs a
   * segment makes it, and is told what is wrong. A full disk is not filled up again and again.
   */
  private void prepare() {
    long last = journal.lastSegment();
    if (last == preparedAfter || time.nanos() - failed < RETRY_NANOS) {
      return;
    }
    try {
      for (Disk disk : disks) {
        Spare.prepare(disk, options.segmentBytes());
      }
      preparedAfter = last;
    } catch (IOException e) {
      failed = time.nanos();
      observer.count("journal.spare.failed", 1);
    }
  }

  private void force() {
    try {
      journal.force();
    } catch (DiskException e) {
      // The writer has poisoned the segment; the next append rescues what is in it.
      observer.count("journal.force.failed", 1);
    }
  }

  /** Ends the thread soon; the folders are its own until it has ended. */
  void stop() {
    lock.lock();
    try {
      stopped = true;
      stopping.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
