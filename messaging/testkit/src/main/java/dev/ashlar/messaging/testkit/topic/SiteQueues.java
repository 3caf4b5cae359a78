package dev.ashlar.messaging.testkit.topic;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.testkit.MortalProcess;
import dev.ashlar.messaging.topic.SubscriberQueues;

/** The subscriptions' queues as one process reaches them. */
final class SiteQueues implements SubscriberQueues {

  private final QueueSite site;
  private final MortalProcess process;

  SiteQueues(QueueSite site, MortalProcess process) {
    this.site = site;
    this.process = process;
  }

  @Override
  public MessageQueue open(String name) {
    return process.uses(site.reached(name));
  }

  /** What is left in a queue that nobody asks for any more disturbs nobody. */
  @Override
  public void drop(String name, Deadline deadline) {}
}
