package dev.ashlar.messaging.journal;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.TimeSource;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The folders while they belong to one journal: they are given back when it is closed and the last
 * of those who were at work in them has left, never before, or the next owner would find a stranger
 * at work.
 */
final class Claim {

  private final List<Disk> disks;
  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition given = lock.newCondition();

  /** The journal itself is the first. */
  private int users = 1;

  private boolean ended;
  private boolean givenBack;

  private Claim(List<Disk> disks, TimeSource time) {
    this.disks = disks;
    this.time = time;
  }

  /** Becomes the owner of all folders, or of none. */
  static Claim of(List<Disk> disks, TimeSource time) {
    Claim claim = new Claim(disks, time);
    for (Disk disk : disks) {
      try {
        disk.claim();
      } catch (IOException | DiskException e) {
        claim.release();
        throw SegmentWriter.failure("claim the folder", disk, FolderDisk.OWNER, Effect.NONE, e);
      }
    }
    return claim;
  }

  /** Begins work in the folders; refused once the journal has ended its own. */
  boolean enter() {
    lock.lock();
    try {
      if (ended) {
        return false;
      }
      users++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Ends what {@link #enter} began. */
  void leave() {
    lock.lock();
    try {
      users--;
      if (users == 0) {
        release();
        givenBack = true;
        given.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends the journal's own work, once. */
  void end() {
    lock.lock();
    try {
      if (!ended) {
        ended = true;
        leave();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the folders are given back; an interrupt is kept for later. */
  boolean awaitRelease(Deadline deadline) {
    boolean interrupted = false;
    lock.lock();
    try {
      while (!givenBack) {
        try {
          if (!time.await(given, deadline)) {
            return givenBack;
          }
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      return true;
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void release() {
    for (Disk disk : disks) {
      try {
        disk.close();
      } catch (IOException unlocked) {
        // The lock ends with the channel whether closing it succeeds or not.
      }
    }
  }
}
