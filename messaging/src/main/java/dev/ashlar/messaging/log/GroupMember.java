package dev.ashlar.messaging.log;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * One of those who share the partitions of a log among themselves.
 *
 * <p>What a member owns is state that it can look at, not an event that it must not miss: {@link
 * #attend} answers with all of it, however much has changed since the last time.
 *
 * <p><b>Guarantees.</b> A member that does not attend for one term loses what it owned to the
 * others (LOG-4), and gets a share again, with new epochs, when it attends again. Partitions are
 * spread evenly. A partition whose parents are not finished by the group is owned by nobody
 * (LOG-18).
 *
 * <p><b>Failures.</b> {@link BackendException}; attending again is safe.
 *
 * <p><b>Threads.</b> Safe for one at a time; what it owns is safe.
 *
 * @see LogConsumer for the loop that attends, reads, handles and commits
 */
public interface GroupMember extends AutoCloseable {

  /** Returns the name of the log. */
  String log();

  /** Returns the name of the group. */
  String group();

  /** Returns how long the member may stay away. */
  Duration term();

  /**
   * Shows that the member lives, and returns what it owns. Waits until the deadline for a change of
   * that, or for something to read in one of some partitions.
   *
   * @param hungry the partitions of which the member wants to read
   */
  List<OwnedPartition> attend(Set<String> hungry, Deadline deadline) throws InterruptedException;

  /** Leaves the group; what it owned goes to the others at once. Leaving twice is harmless. */
  @Override
  void close();
}
