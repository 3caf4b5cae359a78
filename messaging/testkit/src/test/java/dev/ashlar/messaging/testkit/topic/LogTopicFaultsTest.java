package dev.ashlar.messaging.testkit.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.Settlement;
import dev.ashlar.messaging.log.CommitResult;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.MemoryEventLog;
import dev.ashlar.messaging.log.OwnedPartition;
import dev.ashlar.messaging.log.Position;
import dev.ashlar.messaging.topic.LogTopic;
import dev.ashlar.messaging.topic.LogTopicOptions;
import dev.ashlar.messaging.topic.MemorySubscriptions;
import dev.ashlar.messaging.topic.SubscriptionOptions;
import dev.ashlar.messaging.topic.SubscriptionRegistry;
import dev.ashlar.messaging.topic.Topic;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A topic over a log that does not answer, for a while. */
class LogTopicFaultsTest {

  private final ManualTime time = ManualTime.create();
  private final AtomicInteger unanswered = new AtomicInteger();
  private final EventLog log =
      new ChangedTopicLog(
          MemoryEventLog.of("topic", LogOptions.partitions(1), time, Observer.none())) {
        @Override
        OwnedPartition wrap(OwnedPartition owned) {
          return new Owned(owned) {
            @Override
            public CommitResult commit(Position position, Deadline deadline)
                throws InterruptedException {
              if (unanswered.getAndDecrement() > 0) {
                throw new BackendException(
                    "log: no answer", Effect.UNKNOWN, new Advice.Transient(), null);
              }
              return super.commit(position, deadline);
            }
          };
        }
      };
  private final SubscriptionRegistry registry = MemorySubscriptions.of(time);
  private final Topic topic = LogTopic.of(log, registry, LogTopicOptions.of(time, Observer.none()));

  private Deadline soon() {
    return Deadline.after(Duration.ofMinutes(1), time);
  }

  private List<Delivery> receive(MessageQueue queue) throws InterruptedException {
    return queue.receive(10, Deadline.after(Duration.ZERO, time));
  }

  private MessageQueue subscribe() throws InterruptedException {
    return topic.subscribe("name", SubscriptionOptions.durable(), soon());
  }

  @Test
  void aCommitThatWasNotAnsweredIsMadeAgainAtTheNextLook() throws Exception {
    MessageQueue queue = subscribe();
    topic.send(Message.of(new MessageId("m-1"), Bytes.utf8("one")), soon());
    Delivery delivery = receive(queue).get(0);
    unanswered.set(2);
    assertThatThrownBy(() -> delivery.settle(Outcome.done(), soon()))
        .isInstanceOf(BackendException.class);
    assertThat(delivery.settle(Outcome.done(), soon())).isEqualTo(Settlement.STALE);

    assertThat(receive(queue)).as("with one more that is not answered").isEmpty();
    assertThat(receive(queue)).isEmpty();
    queue.close();

    assertThat(unanswered).hasNegativeValue();
    assertThat(receive(subscribe())).as("behind what is committed").isEmpty();
  }

  @Test
  void whatIsNotCommittedYetIsNotGivenBack() throws Exception {
    MessageQueue queue = subscribe();
    topic.send(Message.of(new MessageId("m-1"), Bytes.utf8("one")), soon());
    Delivery delivery = receive(queue).get(0);
    unanswered.set(1);
    assertThatThrownBy(() -> delivery.settle(Outcome.done(), soon()))
        .isInstanceOf(BackendException.class);

    MessageQueue other = subscribe();
    for (int i = 0; i < 10; i++) {
      assertThat(receive(other)).isEmpty();
      assertThat(receive(queue)).isEmpty();
      time.advance(Duration.ofSeconds(1));
    }
  }
}
