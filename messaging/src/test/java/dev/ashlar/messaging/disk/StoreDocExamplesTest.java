package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.sourcing.AppendResult;
import dev.ashlar.messaging.sourcing.Event;
import dev.ashlar.messaging.sourcing.EventStore;
import dev.ashlar.messaging.sourcing.ExpectedEnd;
import dev.ashlar.messaging.sourcing.StoreOptions;
import dev.ashlar.messaging.sourcing.StreamName;
import dev.ashlar.messaging.topic.Bridge;
import dev.ashlar.messaging.topic.QueueTopic;
import dev.ashlar.messaging.topic.Subscription;
import dev.ashlar.messaging.topic.SubscriptionOptions;
import dev.ashlar.messaging.topic.SubscriptionRegistry;
import dev.ashlar.messaging.topic.TopicOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples shown in doc comments of this package that are about streams and topics. */
class StoreDocExamplesTest {

  private final TimeSource time = TimeSource.system();
  private final Observer observer = Observer.none();
  private final Deadline deadline = Deadline.after(Duration.ofSeconds(20), time);

  @TempDir Path folder;

  @Test
  void anOrderIsPlacedAndOutlivesItsProcess() throws InterruptedException {
    Event placed = Event.of(new MessageId("m-1"), "placed", Bytes.utf8("one book"));
    // [doc:DiskEventStore]
    EventStore store =
        DiskEventStore.open(
            "orders",
            StoreOptions.capacity(1_000_000_000),
            DiskOptions.folder(folder),
            time,
            observer);
    AppendResult result =
        store.append(new StreamName("order-7"), ExpectedEnd.none(), List.of(placed), deadline);
    // [/doc]
    assertThat(result).isEqualTo(new AppendResult.Appended(1));
    store.close();
  }

  @Test
  void aTopicWhoseSubscriptionsOutliveItsProcess() throws Exception {
    Path parent = folder.resolve("queues");
    Path orphan = parent.resolve("queue-orders.gone.7");
    Files.createDirectories(orphan);
    Files.writeString(orphan.resolve("left.log"), "left");
    MessageQueue source =
        DiskQueue.open(
            "orders",
            QueueOptions.capacity(1000),
            DiskOptions.folder(folder.resolve("source")),
            time,
            observer);
    DiskSubscriptions registry = registry();
    // [doc:DiskSubscriberQueues]
    DiskSubscriberQueues queues =
        DiskSubscriberQueues.of(
            QueueOptions.capacity(10_000), DiskOptions.folder(parent), time, observer);
    QueueTopic topic = QueueTopic.of(source, registry, queues, TopicOptions.of(time, observer));
    queues.dropOthers(
        topic.subscriptions(deadline).stream().map(each -> each.queueName(topic.name())).toList());
    // [/doc]
    assertThat(orphan).doesNotExist();
    MessageQueue invoices = topic.subscribe("invoices", SubscriptionOptions.durable(), deadline);
    Subscription there = topic.subscriptions(deadline).get(0);
    Path own = parent.resolve("queue-" + there.queueName("orders"));
    assertThat(own).isDirectory();
    assertThat(queues.dropOthers(List.of())).as("one that is open").isZero();
    try (Bridge bridge = topic.startBridge()) {
      topic.send(Message.of(new MessageId("m-1"), Bytes.utf8("one book")), deadline);
      assertThat(invoices.receive(1, deadline)).hasSize(1);
      assertThat(bridge.failure()).isEmpty();
    }
    assertThat(topic.unsubscribe("invoices", deadline)).isTrue();
    assertThat(own).doesNotExist();
    queues.drop("orders.invoices.1", deadline);
    queues.close();
    registry.close();
    source.close();
  }

  private DiskSubscriptions registry() throws InterruptedException {
    Path folder = this.folder.resolve("registry");
    // [doc:DiskSubscriptions]
    SubscriptionRegistry registry =
        DiskSubscriptions.open(DiskOptions.folder(folder), TimeSource.system(), Observer.none());
    // [/doc]
    assertThat(registry.all(deadline)).isEmpty();
    return (DiskSubscriptions) registry;
  }
}
