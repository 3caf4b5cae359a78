package dev.ashlar.examples;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.MemoryQueue;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.topic.Bridge;
import dev.ashlar.messaging.topic.MemorySubscriptions;
import dev.ashlar.messaging.topic.QueueTopic;
import dev.ashlar.messaging.topic.SubscriberQueues;
import dev.ashlar.messaging.topic.SubscriptionOptions;
import dev.ashlar.messaging.topic.TopicOptions;
import java.io.PrintStream;
import java.time.Duration;

/**
 * Publish and subscribe: each subscription gets every message that is published once it is there,
 * also while its subscribers are away, and also if the bridge was away. The members of one
 * subscription share its messages.
 *
 * <pre>
 * order-1 is published
 * mails subscribes; order-2 is published
 * invoices has: order-1 order-2
 * mails has: order-2
 * the bridge stops; order-3 is published and waits
 * another bridge; invoices has: order-3
 * mails, shared by two: one has order-3, the other one has nothing
 * </pre>
 */
public final class LateSubscriber {

  private static final TimeSource TIME = TimeSource.system();

  private final Deadline deadline = Deadline.after(Duration.ofSeconds(30), TIME);
  private final PrintStream out;

  private LateSubscriber(PrintStream out) {
    this.out = out;
  }

  /** Runs the example on the console. */
  public static void main(String[] args) throws Exception {
    run(System.out);
  }

  static void run(PrintStream out) throws Exception {
    new LateSubscriber(out).run();
  }

  private void run() throws InterruptedException {
    QueueOptions options = QueueOptions.capacity(1000).withAttemptsMax(1000);
    MessageQueue source = MemoryQueue.of("orders", options, TIME, Observer.none());
    QueueTopic topic =
        QueueTopic.of(
            source,
            MemorySubscriptions.of(TIME),
            SubscriberQueues.inMemory(QueueOptions.capacity(1000), TIME, Observer.none()),
            TopicOptions.of(TIME, Observer.none()));
    MessageQueue invoices = topic.subscribe("invoices", SubscriptionOptions.durable(), deadline);
    MessageQueue mails;
    try (Bridge bridge = topic.startBridge()) {
      topic.send(order(1), deadline);
      out.println("order-1 is published");
      awaitForwarding(bridge, source);
      mails = topic.subscribe("mails", SubscriptionOptions.durable(), deadline);
      topic.send(order(2), deadline);
      out.println("mails subscribes; order-2 is published");
      awaitForwarding(bridge, source);
    }
    out.println("invoices has: " + all(invoices));
    out.println("mails has: " + all(mails));

    topic.send(order(3), deadline);
    out.println("the bridge stops; order-3 is published and waits");
    try (Bridge bridge = topic.startBridge()) {
      awaitForwarding(bridge, source);
    }
    out.println("another bridge; invoices has: " + all(invoices));
    MessageQueue other = topic.subscribe("mails", SubscriptionOptions.durable(), deadline);
    String one = all(mails);
    out.println("mails, shared by two: one has " + one + ", the other one has " + all(other));
  }

  private void awaitForwarding(Bridge bridge, MessageQueue source) throws InterruptedException {
    while (bridge.isRunning() && !source.depth(deadline).equals(new MessageQueue.Depth(0, 0, 0))) {
      TIME.sleep(Duration.ofMillis(1));
    }
  }

  private String all(MessageQueue queue) throws InterruptedException {
    StringBuilder all = new StringBuilder();
    for (Delivery delivery : queue.receive(10, Deadline.after(Duration.ZERO, TIME))) {
      all.append(all.isEmpty() ? "" : " ").append(delivery.message().id());
      delivery.settle(Outcome.done(), deadline);
    }
    return all.isEmpty() ? "nothing" : all.toString();
  }

  private static Message order(int number) {
    return Message.of(new MessageId("order-" + number), Bytes.utf8("" + number));
  }
}
