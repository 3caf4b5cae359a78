package dev.ashlar.messaging.topic;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.log.AppendResult;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.GroupMember;
import dev.ashlar.messaging.log.StartAt;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/*
 * A subscription is there when the registry lists it and its group is there. The registry comes
 * first when it is made, and first when it is ended:
 *
 *     subscribe     registry.add(n)     join group topic.name.n at the end
 *     unsubscribe   registry.remove(n)  forget group
 *
 * Who dies in between leaves a name without a group, which is no subscription, and whose group is
 * made by the next who subscribes; or a group without a name, which no member reads any more, because
 * each asks the registry before it hands out what it has read. Groups without names are forgotten by
 * whoever subscribes or unsubscribes next. For this they are listed before the names are, or the group
 * of a subscription that is made meanwhile would seem to have none.
 */
/**
 * A topic over a log: what is published is appended once, and each subscription is a group that
 * reads it.
 *
 * <p>There is no bridge and no copy. A subscription that is slow, or away, falls behind by itself
 * and delays nobody; what it may fall behind is the log's retention. One partition serves one
 * member of a subscription at a time.
 *
 * <p><b>Guarantees.</b> Those of {@link Topic}. Accepted messages survive what the log's do.
 *
 * <p><b>Not guaranteed.</b>
 *
 * <ul>
 *   <li>Room for ever: a subscription that retention has overtaken has lost messages. If it is to
 *       block, it stops with {@link IllegalStateException}, again and again, until somebody ends
 *       it; if it is to drop, it goes on with the oldest that is left, which is counted as {@code
 *       topic.dropped} once for each gap; if it is to detach, it is detached and hands out nothing
 *       more. Its patience is the log's retention.
 *   <li>That a message which was settled does not come again: what is settled behind something
 *       unfinished is committed with it, and a member that dies repeats at most a window. A commit
 *       that was not answered is made again at the next look.
 *   <li>Memory of failures: attempts and dead letters are known to one member and not to the log.
 *       Whoever takes over begins again with what was not committed, dead letters included. A dead
 *       letter keeps its place in the window until it is redriven or discarded, and so does all
 *       that is settled behind it in its partition; once that fills the window, nothing more is
 *       read.
 *   <li>A holder's peace while members come and go: whoever holds a message of a partition that
 *       another member shall have, has one visibility for it, renewed or not.
 *   <li>Haste: a message that is released, redriven or retried while another thread waits is seen
 *       at that one's next look, within a quarter of the visibility.
 * </ul>
 *
 * <p><b>Failures.</b> Those of its log and its registry. Publishing with a delay is an {@link
 * IllegalArgumentException}; sending to the queue of a subscription is refused.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <p><b>Limits.</b> {@link LogTopicOptions}; as many subscriptions as the log has groups. Groups of
 * the log that are named as the topic's subscriptions are belong to the topic. A log does not tell
 * its biggest payload, so the queue of a subscription claims the biggest that any has, 64 MiB.
 *
 * <pre>{@code
 * LogTopic topic = LogTopic.of(log, registry, options);
 * MessageQueue invoices = topic.subscribe("invoices", SubscriptionOptions.durable(), deadline);
 * topic.send(message, deadline);
 * List<Delivery> deliveries = invoices.receive(10, deadline);
 * }</pre>
 */
public final class LogTopic implements Topic {

  private final Parts parts;
  private final Observer observer;

  private LogTopic(Parts parts) {
    this.parts = parts;
    this.observer = parts.options().observer();
  }

  /**
   * Returns a handle on a topic.
   *
   * @param log what is published to; its name is the topic's. The topic does not close it
   * @param registry knows the subscriptions, for all processes
   * @param options the same for all handles; the observer is told {@code topic.dropped}, {@code
   *     topic.detached}, {@code topic.expired}, what failed and was tried again, and the steps of
   *     subscribing
   */
  public static LogTopic of(EventLog log, SubscriptionRegistry registry, LogTopicOptions options) {
    Subscription.checkName(log.name());
    return new LogTopic(new Parts(log, registry, options));
  }

  @Override
  public String name() {
    return parts.log().name();
  }

  @Override
  public TopicGuarantees guarantees() {
    return new TopicGuarantees(
        EnumSet.of(TopicGuarantees.Promise.DURABLE, TopicGuarantees.Promise.KEY_ORDER),
        parts.log().guarantees().confirmed(),
        TopicGuarantees.Coupling.none());
  }

  @Override
  public SendResult trySend(Message message, Duration delay, Deadline deadline)
      throws InterruptedException {
    if (!delay.isZero()) {
      throw new IllegalArgumentException("delay: " + delay + " (expected: 0 for a log)");
    }
    return sent(parts.log().tryAppend(message, deadline));
  }

  @Override
  public List<SendResult> sendAll(List<Message> messages, Deadline deadline)
      throws InterruptedException {
    return parts.log().appendAll(messages, deadline).stream().map(LogTopic::sent).toList();
  }

  private static SendResult sent(AppendResult result) {
    if (result instanceof AppendResult.Refused refused) {
      return new SendResult.Refused(refused.advice(), refused.why());
    }
    return result instanceof AppendResult.Unknown unknown
        ? new SendResult.Unknown(unknown.cause())
        : new SendResult.Accepted();
  }

  @Override
  public MessageQueue subscribe(String name, SubscriptionOptions options, Deadline deadline)
      throws InterruptedException {
    Subscription.checkName(name);
    observer.step("topic.subscribing");
    Subscription subscription = parts.registry().add(name, options, deadline);
    observer.step("topic.subscribed");
    if (!subscription.options().equals(options)) {
      throw new IllegalArgumentException(
          "options: " + options + " (expected: as it is there, " + subscription.options() + ")");
    }
    GroupMember member =
        parts
            .log()
            .join(subscription.queueName(name()), StartAt.end(), parts.options().visibility());
    observer.step("topic.joined");
    forgetWhatHasEnded(deadline);
    return new LogSubscriptionQueue(parts, subscription, member);
  }

  @Override
  public boolean unsubscribe(String name, Deadline deadline) throws InterruptedException {
    Optional<Subscription> there =
        parts.registry().all(deadline).stream()
            .filter(each -> each.name().equals(name))
            .findFirst();
    if (there.isEmpty()) {
      return false;
    }
    observer.step("topic.unsubscribing");
    boolean removed = parts.registry().remove(there.get(), deadline);
    observer.step("topic.unsubscribed");
    forgetWhatHasEnded(deadline);
    return removed;
  }

  /** Tidies up; what has members still, or cannot be reached, is left for the next time. */
  private void forgetWhatHasEnded(Deadline deadline) throws InterruptedException {
    try {
      Set<String> groups = parts.log().groups(deadline);
      Set<String> known =
          parts.registry().all(deadline).stream()
              .map(each -> each.queueName(name()))
              .collect(Collectors.toSet());
      for (String group : groups) {
        if (isOurs(group) && !known.contains(group)) {
          parts
              .log()
              .forget(group, Deadline.after(parts.options().exchangeMax(), parts.options().time()));
        }
      }
    } catch (BackendException e) {
      observer.count("topic.forget.failed", 1);
    }
  }

  private boolean isOurs(String group) {
    return group.startsWith(name() + ".")
        && group.substring(name().length()).matches("\\.[A-Za-z0-9._-]+\\.[0-9a-z]+");
  }

  @Override
  public List<Subscription> subscriptions(Deadline deadline) throws InterruptedException {
    Set<String> groups = parts.log().groups(deadline);
    return parts.registry().all(deadline).stream()
        .filter(each -> groups.contains(each.queueName(name())))
        .toList();
  }

  /** Does nothing: log and registry belong to whoever gave them. */
  @Override
  public void close() {}

  /** What a topic is made of. */
  record Parts(EventLog log, SubscriptionRegistry registry, LogTopicOptions options) {

    Parts {
      requireNonNull(log, "log");
      requireNonNull(registry, "registry");
      requireNonNull(options, "options");
    }
  }
}
