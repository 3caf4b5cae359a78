package dev.ashlar.messaging.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.PropertyList;
import dev.ashlar.messaging.testkit.log.EventLogContract;
import dev.ashlar.messaging.testkit.sourcing.EventStoreContract;
import dev.ashlar.messaging.testkit.topic.TopicContract;
import org.junit.jupiter.api.Test;

/** The list of properties and the contracts say the same. */
class PropertiesTest {

  private static final PropertyList PROPERTIES = PropertyList.beside(MessageQueueContract.class);

  @Test
  void everyPropertyOfQueuesIsProvedAsItIsNeeded() {
    assertThat(PROPERTIES.assertProved("queue", 36, MessageQueueContract.class)).isEmpty();
  }

  @Test
  void everyPropertyOfInboxesIsProvedAsItIsNeeded() {
    assertThat(PROPERTIES.assertProved("inbox", 12, InboxContract.class)).isEmpty();
  }

  @Test
  void everyPropertyOfOutboxesIsProvedAsItIsNeeded() {
    assertThat(PROPERTIES.assertProved("outbox", 12, OutboxContract.class)).isEmpty();
  }

  @Test
  void everyPropertyOfEventStoresIsProvedAsItIsNeeded() {
    assertThat(PROPERTIES.assertProved("store", 9, EventStoreContract.class)).isEmpty();
  }

  @Test
  void everyPropertyOfTopicsIsProvedAsItIsNeeded() {
    assertThat(PROPERTIES.assertProved("topic", 10, TopicContract.class)).isEmpty();
  }

  @Test
  void everyPropertyOfLogsIsProvedAsItIsNeeded() {
    assertThat(PROPERTIES.assertProved("log", 21, EventLogContract.class)).isEmpty();
  }
}
