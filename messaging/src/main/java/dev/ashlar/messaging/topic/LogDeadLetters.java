package dev.ashlar.messaging.topic;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import java.util.List;

/** What a member of a subscription to a log has set aside, and not committed. */
final class LogDeadLetters implements DeadLetters {

  private final LogSubscriptionQueue queue;
  private final LogFetching fetching;
  private final TimeSource time;

  LogDeadLetters(LogSubscriptionQueue queue, LogFetching fetching, TimeSource time) {
    this.queue = queue;
    this.fetching = fetching;
    this.time = time;
  }

  @Override
  public List<Entry> list(int most, Deadline deadline) {
    if (most < 1 || most > MessageQueue.BATCH_MAX) {
      throw new IllegalArgumentException(
          "most: " + most + " (expected: 1 to " + MessageQueue.BATCH_MAX + ")");
    }
    return fetching.locked(
        window -> window.dead(any -> true).stream().limit(most).map(this::entry).toList());
  }

  private Entry entry(LogItem item) {
    return new Entry(
        item.entry.message(),
        item.cause,
        item.attempt,
        queue.name(),
        item.firstFailure.orElse(item.lastFailure),
        item.lastFailure);
  }

  @Override
  public Redrive redrive(MessageId id, Deadline deadline) {
    return fetching.locked(
        window -> {
          List<LogItem> dead = window.dead(message -> message.id().equals(id));
          for (LogItem each : dead) {
            each.state = LogItem.State.WAITING;
            each.attemptsBefore = each.attempt;
            each.untilNanos = time.nanos();
          }
          return dead.isEmpty() ? Redrive.ABSENT : Redrive.REDRIVEN;
        });
  }

  @Override
  public boolean discard(MessageId id, Deadline deadline) throws InterruptedException {
    List<LogItem> dead = fetching.locked(window -> window.dead(message -> message.id().equals(id)));
    for (LogItem each : dead) {
      queue.end(each, deadline);
    }
    return !dead.isEmpty();
  }
}
