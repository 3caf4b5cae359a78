package dev.ashlar.messaging.log;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Records in order, kept for a while, and read by any number of groups, each at its own pace.
 *
 * <p>Unlike a queue, a log does not forget what was handled and does not settle message by message:
 * a group commits, for each partition, up to where everything is handled. Order holds within a
 * partition, and messages of one key share one.
 *
 * <p><b>Guarantees.</b> What was accepted is read, by every group and in the order appended (LOG-1,
 * LOG-3), however the appends overlap (LOG-8). A record never changes (LOG-2). What retention has
 * removed before it was read is reported, not skipped (LOG-11). What one engine promises beyond
 * this is in {@link #guarantees()}.
 *
 * <p><b>Not guaranteed.</b> Single handling: after a take-over the new owner repeats what the old
 * one had handled and not committed. Put an inbox before effects that must happen once. Order
 * between partitions. {@link Message#timeToLive()} ends nothing here: retention does.
 *
 * <p><b>Failures.</b> {@link BackendException} where a backend does not answer; refusals and losses
 * are return values.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <p><b>Limits.</b> At most {@value #BATCH_MAX} records in one call.
 *
 * @see dev.ashlar.messaging.MessageQueue for work that is shared out message by message
 */
public interface EventLog extends AutoCloseable {

  /** The most records that one call appends or reads. */
  int BATCH_MAX = 1000;

  /** Returns the log's name, 1 to 64 of {@code A-Z a-z 0-9 . _ -}. */
  String name();

  /** Returns what this log promises beyond the contract. */
  LogGuarantees guarantees();

  /** Returns the partitions, parents before children. */
  List<Partition> partitions(Deadline deadline) throws InterruptedException;

  /**
   * Appends a message to the partition of its key, or to any if it has none.
   *
   * <p>A message without a context gets the current one, if there is one, and is an operation of
   * the log's observer ({@link Message#handOver}), which is told how it ended (LOG-19).
   */
  AppendResult tryAppend(Message message, Deadline deadline) throws InterruptedException;

  /**
   * Begins to append, and does not wait for the outcome. Messages of one key that one thread
   * submits are appended in that order. What is on its way is bounded: where it is too much, this
   * waits. For an observer the handing over ends well when the message is on its way; what comes
   * then, the ticket alone tells.
   *
   * @param deadline until which to wait for room; the ticket has a deadline of its own
   */
  AppendResult.Ticket submit(Message message, Deadline deadline) throws InterruptedException;

  /**
   * Appends a message, and makes anything but acceptance an exception.
   *
   * @throws BackendException with {@link dev.ashlar.core.Effect#NONE} if refused; with {@link
   *     dev.ashlar.core.Effect#UNKNOWN} if nobody knows
   */
  default Position append(Message message, Deadline deadline) throws InterruptedException {
    return tryAppend(message, deadline).orThrow();
  }

  /**
   * Appends messages in order and answers for each. Not a transaction: some may be accepted and
   * others not.
   *
   * @param messages at most {@value #BATCH_MAX}
   */
  default List<AppendResult> appendAll(List<Message> messages, Deadline deadline)
      throws InterruptedException {
    if (messages.isEmpty() || messages.size() > BATCH_MAX) {
      throw new IllegalArgumentException(
          "messages: " + messages.size() + " (expected: 1 to " + BATCH_MAX + ")");
    }
    List<AppendResult.Ticket> tickets = new ArrayList<>(messages.size());
    for (Message message : messages) {
      tickets.add(submit(message, deadline));
    }
    List<AppendResult> results = new ArrayList<>(messages.size());
    for (AppendResult.Ticket ticket : tickets) {
      results.add(ticket.await(deadline));
    }
    return results;
  }

  /**
   * Opens a reader that belongs to no group and disturbs none.
   *
   * @throws IllegalArgumentException for a partition that is not there, or a position of another
   */
  LogReader reader(String partition, StartAt start, Deadline deadline) throws InterruptedException;

  /**
   * Joins a group, which is made if there is none.
   *
   * @param group 1 to 64 of {@code A-Z a-z 0-9 . _ -}
   * @param start where a group begins that is new; one that is not goes on where it was. Behind
   *     positions it begins in their partitions, and at the beginnings of the others. Partitions
   *     that are made later are read from their beginnings
   * @param term how long the member may stay away before others get what it owns
   */
  GroupMember join(String group, StartAt start, Duration term) throws InterruptedException;

  /**
   * Forgets a group and how far it has come, unless it has a member that lives: one that joined or
   * attended less than a term ago, and has not left. Safe to repeat.
   *
   * <p>Who was a member learns of it by attending: {@link IllegalStateException}. Who joins the
   * group next, makes it anew; its epochs are greater than those before.
   *
   * @param group 1 to 64 of {@code A-Z a-z 0-9 . _ -}; forgotten as well if nobody knows it
   * @throws BackendException if the outcome is unknown, it can be asked for again
   */
  ForgetResult forget(String group, Deadline deadline) throws InterruptedException;

  /** Returns the groups that are there: that were made by joining, and not forgotten since. */
  Set<String> groups(Deadline deadline) throws InterruptedException;

  /** Returns how far a group is behind, for each partition that it has not finished. */
  List<Lag> lag(String group, Deadline deadline) throws InterruptedException;

  /**
   * Returns the last position of each partition that ever had a record which could be read, all of
   * one moment; retention may have removed that record. Whoever has what is in the log up to there
   * goes on at {@link StartAt#behind}.
   *
   * @throws UnsupportedOperationException where {@link LogGuarantees.Promise#SNAPSHOT} is not
   *     promised
   */
  List<Position> ends(Deadline deadline) throws InterruptedException;

  /** Lets go of what this handle holds. Closing twice is harmless. */
  @Override
  void close();
}
