package dev.ashlar.messaging.testkit.topic;

import dev.ashlar.core.Observer;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;

/**
 * What every {@link dev.ashlar.messaging.topic.QueueTopic} does over the queues of an engine, as
 * tests: the properties TOPIC-1 to TOPIC-10.
 *
 * <p>An adapter's test class extends this one, says how to open a queue and, where it has one, a
 * registry, and inherits the rest. Each message goes through the source, the bridge and the queues
 * of several subscriptions; the bridge dies at each of its steps.
 *
 * <p><b>Guarantees.</b> No test asserts by having slept long enough that something came; that
 * something did not come is looked at after a time in which it would have come.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 *
 * @see LogTopicContract for topics over a log
 */
public abstract class TopicContract extends BridgeProperties {

  /** For subclasses. */
  protected TopicContract() {}

  /**
   * Opens a handle on the queue of that name, and makes the queue if there is none; as for the
   * contract of queues. The name of a subscription's queue has dots in it, that of a topic's source
   * has none.
   */
  protected abstract MessageQueue open(String name, QueueOptions options, Observer observer)
      throws Exception;

  /** Returns the queue of a subscription as its bridge sends to it; overridden by twins only. */
  protected MessageQueue sentTo(MessageQueue queue) {
    return queue;
  }

  @Override
  final TopicSite makeSite(int backlog, int room) {
    return new QueueSite(this, backlog, room);
  }
}
