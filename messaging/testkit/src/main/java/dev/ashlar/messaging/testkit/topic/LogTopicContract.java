package dev.ashlar.messaging.testkit.topic;

import dev.ashlar.core.Observer;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.LogOptions;

/**
 * What every {@link dev.ashlar.messaging.topic.LogTopic} does over the log of an engine, as tests:
 * the properties TOPIC-1 to TOPIC-10, without those of a bridge.
 *
 * <p>An adapter's test class extends this one, says how to open a log and, where it has one, a
 * registry, and inherits the rest. The members of subscriptions die at each of their steps.
 *
 * <p><b>Guarantees.</b> As of {@link TopicContract}.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 */
public abstract class LogTopicContract extends BridgeProperties {

  /** For subclasses. */
  protected LogTopicContract() {}

  /**
   * Opens a handle on the log of that name, and makes the log if there is none; as for the contract
   * of logs.
   */
  protected abstract EventLog open(String name, LogOptions options, Observer observer)
      throws Exception;

  @Override
  final TopicSite makeSite(int backlog, int room) {
    return new LogSite(this, room);
  }
}
