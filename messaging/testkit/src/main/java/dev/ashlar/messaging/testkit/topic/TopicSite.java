package dev.ashlar.messaging.testkit.topic;

import dev.ashlar.core.Observer;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.testkit.MortalProcess;
import dev.ashlar.messaging.topic.SubscriptionRegistry;
import dev.ashlar.messaging.topic.Topic;
import java.util.List;
import java.util.Map;

/** What is stored of one topic, which processes come to. */
abstract class TopicSite {

  final TopicFixture fixture;
  final String name = "t" + TopicFixture.IDS.text().substring(6);

  TopicSite(TopicFixture fixture) {
    this.fixture = fixture;
  }

  final SubscriptionRegistry registry() throws Exception {
    return fixture.registryOf(name);
  }

  /** Returns what a process gets that lives as long as the test. */
  abstract Topic topic() throws Exception;

  /** Returns the same, with an observer of the topic and of all that it stores in. */
  abstract Topic topic(Observer changed) throws Exception;

  /** Returns what a process gets that may die; what it stores in does not die with it. */
  abstract Topic topic(MortalProcess process) throws Exception;

  /** Returns whether nothing that was published waits to be brought to subscriptions. */
  abstract boolean isForwarded() throws Exception;

  /**
   * Lets a process bring what was published to subscriptions that have no members, as far as it
   * lives.
   *
   * @param crash kills it
   * @param arrived takes what members of it were handed, by the names of their subscriptions
   */
  abstract void carry(Observer crash, Map<String, List<Message>> arrived) throws Exception;

  /** Lets somebody who brings messages to a subscription come, try, and go again. */
  abstract void comeAndGo(String subscription, int round) throws Exception;

  /**
   * Publishes until a subscription that receives nothing has missed something, unless it blocks.
   *
   * @param other has room because it takes each message
   */
  abstract List<Message> overtake(Topic topic, MessageQueue other) throws Exception;

  /** Returns this site, where its topic has a bridge. */
  QueueSite bridged() {
    throw new IllegalStateException("topic: without a bridge (expected: promised)");
  }
}
