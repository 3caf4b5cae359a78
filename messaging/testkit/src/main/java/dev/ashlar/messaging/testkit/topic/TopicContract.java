package dev.ashlar.messaging.testkit.topic;

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
 */
public abstract class TopicContract extends BridgeProperties {

  /** For subclasses. */
  protected TopicContract() {}
}
