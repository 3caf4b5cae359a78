package dev.ashlar.messaging.journal;

import dev.ashlar.core.Effect;
import dev.ashlar.messaging.journal.SegmentFormat.Name;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/*
 * Files go in the order of their ids, each for good before the next: whatever is left after a crash
 * is then without a gap, and a gap is how opening knows that somebody else took a file away. A file
 * that could not be deleted is tried again before any later one.
 *
 * One thread deletes at a time. Whoever comes meanwhile leaves his files with that one and goes.
 */
/** Takes segments from the front, first out of sight, then from the folders. */
final class Forgetting {

  private final List<Disk> disks;
  private final Segments segments;
  private final Claim claim;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Name> doomed = new ArrayDeque<>();
  private boolean deleting;

  Forgetting(List<Disk> disks, Segments segments, Claim claim) {
    this.disks = disks;
    this.segments = segments;
    this.claim = claim;
  }

  /** Forgets what lies wholly before a number; no lock is held while files are deleted. */
  void before(long number) {
    if (!claim.enter()) {
      return;
    }
    try {
      if (take(number)) {
        deleteAll();
      }
    } finally {
      claim.leave();
    }
  }

  /**
   * Does something about a segment's files while nobody can forget it; this is the one place where
   * I/O is done under a lock, and only those who forget wait for it.
   */
  void unlessForgotten(Name name, Runnable task) {
    if (!claim.enter()) {
      return;
    }
    lock.lock();
    try {
      if (segments.contains(name)) {
        task.run();
      }
    } finally {
      lock.unlock();
      claim.leave();
    }
  }

  private boolean take(long number) {
    lock.lock();
    try {
      List<Name> names = segments.names();
      for (int i = 0; i + 1 < names.size() && names.get(i + 1).first() <= number; i++) {
        segments.remove(names.get(i));
        doomed.add(names.get(i));
      }
      boolean mine = !deleting && !doomed.isEmpty();
      deleting |= mine;
      return mine;
    } finally {
      lock.unlock();
    }
  }

  private void deleteAll() {
    Name name = next(null);
    while (name != null) {
      boolean gone = false;
      try {
        delete(name);
        gone = true;
      } finally {
        if (!gone) {
          stop();
        }
      }
      name = next(name);
    }
  }

  /** The next file, after one that is gone; with none the deleting ends. */
  private @Nullable Name next(@Nullable Name gone) {
    lock.lock();
    try {
      if (gone != null) {
        doomed.remove();
      }
      Name name = doomed.peek();
      deleting = name != null;
      return name;
    } finally {
      lock.unlock();
    }
  }

  private void stop() {
    lock.lock();
    try {
      deleting = false;
    } finally {
      lock.unlock();
    }
  }

  private void delete(Name name) {
    for (Disk disk : disks) {
      try {
        disk.delete(name.toString());
        disk.sync();
      } catch (NoSuchFileException alreadyGone) {
        // Another folder may still have it.
      } catch (IOException e) {
        throw SegmentWriter.failure("forget", disk, name.toString(), Effect.UNKNOWN, e);
      }
    }
  }
}
