package dev.ashlar.leases.guard;

import dev.ashlar.core.Deadline;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/*
 * The lock of an operating system belongs to the process, not to the thread, so it takes two:
 *
 *   first    in this process: the file's path is in TAKEN
 *   then     among processes: a lock on the file, asked for every 5 ms, because only asking has a deadline
 *
 * The order matters for more than fairness. Closing any descriptor of a file gives up all of the process's
 * POSIX locks on it, so nobody in this process may open the file while another thread has it locked. That is
 * also why the file is empty and used for nothing else, and why the paths are compared without case. The set
 * is of the whole process because the locks are; it has an entry for each section that goes on right now.
 */

/** A lock file that is locked. */
final class FileLocks implements AutoCloseable {

  private static final Duration ASK_EVERY = Duration.ofMillis(5);

  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final Condition RELEASED = LOCK.newCondition();
  private static final Set<String> TAKEN = new HashSet<>();

  private final String key;
  private @Nullable FileChannel channel;

  private FileLocks(String key) {
    this.key = key;
  }

  /**
   * Locks a file, which is made if need be.
   *
   * @param file absolute, without links
   * @return empty if somebody else has it until the deadline
   */
  static Optional<FileLocks> lock(Path file, Deadline deadline)
      throws IOException, InterruptedException {
    String key = file.toString().toLowerCase(Locale.ROOT);
    if (!reserved(key, deadline)) {
      return Optional.empty();
    }
    FileLocks locks = new FileLocks(key);
    boolean locked = false;
    try {
      locked = locks.ofOtherProcesses(file, deadline);
      return locked ? Optional.of(locks) : Optional.empty();
    } finally {
      if (!locked) {
        locks.close();
      }
    }
  }

  private static boolean reserved(String key, Deadline deadline) throws InterruptedException {
    LOCK.lockInterruptibly();
    try {
      while (!TAKEN.add(key)) {
        if (!deadline.time().await(RELEASED, deadline) && TAKEN.contains(key)) {
          return false;
        }
      }
      return true;
    } finally {
      LOCK.unlock();
    }
  }

  private boolean ofOtherProcesses(Path file, Deadline deadline)
      throws IOException, InterruptedException {
    FileChannel opened =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    channel = opened;
    while (!tryLock(opened)) {
      if (deadline.hasExpired()) {
        return false;
      }
      deadline.time().sleep(deadline.shortenedTo(ASK_EVERY).remaining());
    }
    return true;
  }

  private static boolean tryLock(FileChannel opened) throws IOException, InterruptedException {
    try {
      FileLock lock = opened.tryLock();
      return lock != null;
    } catch (ClosedByInterruptException e) {
      throw interrupted();
    } catch (OverlappingFileLockException e) {
      // Somebody else in this process locks this file; they are in the way like anybody.
      return false;
    }
  }

  private static InterruptedException interrupted() {
    boolean unused = Thread.interrupted();
    return new InterruptedException("floor: interrupted while waiting for its lock");
  }

  /** Gives both up. */
  @Override
  public void close() {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // The descriptor is gone all the same, and the lock with it.
    } finally {
      LOCK.lock();
      try {
        TAKEN.remove(key);
        RELEASED.signalAll();
      } finally {
        LOCK.unlock();
      }
    }
  }
}
