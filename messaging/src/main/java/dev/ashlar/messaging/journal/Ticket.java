package dev.ashlar.messaging.journal;

import dev.ashlar.core.Deadline;

/**
 * The receipt for an append whose outcome is still open.
 *
 * <p>It need not be awaited: what was appended is written anyhow, with the next batch or within
 * about a tenth of a second.
 *
 * <p><b>Guarantees.</b> Once {@link #await} has answered {@code true} it always does.
 *
 * <p><b>Failures.</b> {@link DiskException} from {@link #await}, the same every time.
 *
 * <p><b>Threads.</b> Safe.
 */
public final class Ticket {

  private final GroupCommit commit;
  private final Stage.Group group;
  private final long first;

  Ticket(GroupCommit commit, Stage.Group group, long first) {
    this.commit = commit;
    this.group = group;
    this.first = first;
  }

  /** The number of the first record; the others follow it. It counts once acknowledged. */
  public long first() {
    return first;
  }

  /**
   * Waits until the append is acknowledged, see {@link Durability}. Whoever waits may be the one
   * who writes for all; then the call lasts as long as the disk takes, also beyond the deadline.
   *
   * @return {@code false} if the deadline came first; the outcome is still open, ask again
   * @throws DiskException if it failed; its effect says whether the records may come back
   */
  public boolean await(Deadline deadline) throws InterruptedException {
    return commit.await(group, deadline);
  }
}
