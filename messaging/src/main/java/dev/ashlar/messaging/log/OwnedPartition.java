package dev.ashlar.messaging.log;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;

/**
 * A partition in the hands of one member of a group, for one epoch.
 *
 * <p><b>Guarantees.</b> Within a group a partition has one owner at a time, and each owner's epoch
 * is greater than the one before (LOG-4). A commit of a former owner is {@link CommitResult.Lost}
 * and changes nothing. Reading starts behind what the group has committed (LOG-5).
 *
 * <p><b>Not guaranteed.</b> That the effects of a former owner have ended when the next one starts:
 * epochs fence commits, not effects. An inbox is for those.
 *
 * <p><b>Failures.</b> {@link BackendException}; committing again is safe.
 *
 * <p><b>Threads.</b> Safe.
 */
public interface OwnedPartition {

  /** Returns the partition's id. */
  String partition();

  /** Returns what tells this ownership from earlier and later ones. */
  long epoch();

  /** Returns how the ownership stands, as far as is known here; see {@link Standing}. */
  Standing standing();

  /**
   * Reads on, behind what this handle has read before.
   *
   * @param most how many at most, 1 to {@value EventLog#BATCH_MAX}
   */
  ReadResult read(int most, Deadline deadline) throws InterruptedException;

  /**
   * Makes reading go on somewhere else, which is how an owner answers {@link
   * ReadResult.PositionLost}. Nothing is committed by it.
   */
  void seek(StartAt start, Deadline deadline) throws InterruptedException;

  /**
   * Commits that everything up to a position, itself included, is handled.
   *
   * @param position of a record that this handle has read
   * @throws IllegalArgumentException for one that it has not
   */
  CommitResult commit(Position position, Deadline deadline) throws InterruptedException;

  /**
   * Commits that a partition that has ended is handled wholly; its children may be owned then.
   *
   * @throws IllegalStateException if it has not ended, or has not been read to its end
   */
  CommitResult finish(Deadline deadline) throws InterruptedException;

  /** Gives the partition back, for another member to go on behind what is committed. */
  void release(Deadline deadline) throws InterruptedException;

  /** How an ownership stands. */
  enum Standing {
    /** Owned. */
    OWNED,
    /**
     * Owned, and asked for: another member shall have it. The owner finishes what it has begun,
     * commits and releases, and has one of its terms for it.
     */
    ASKED_BACK,
    /** Over. It never comes back; the partition may, with another epoch. */
    LOST
  }
}
