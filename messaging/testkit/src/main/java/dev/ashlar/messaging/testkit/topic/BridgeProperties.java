package dev.ashlar.messaging.testkit.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.CrashPoints;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.topic.Bridge;
import dev.ashlar.messaging.topic.QueueTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** That a bridge settles when all have it, and that the next one goes on where one has died. */
abstract class BridgeProperties extends CouplingProperties {

  private static final List<String> NAMES = List.of("one", "two", "three");

  @Test
  @Proves(value = "TOPIC-3", guarantee = "bridge")
  void noCrashOfABridgeKeepsAMessageFromASubscription() throws Exception {
    CrashPoints.forEach(Bridging::new);
  }

  /** A bridge that forwards what waits for it, and the one that runs after its death. */
  private final class Bridging implements CrashPoints.Run {
    private final QueueSite site;
    private final List<MessageQueue> queues = new ArrayList<>();
    private final List<Message> published = new ArrayList<>();

    Bridging() throws Exception {
      this.site = site().bridged();
    }

    @Override
    public void work(Observer observer) throws Exception {
      QueueTopic topic = site.topic();
      for (String name : NAMES) {
        queues.add(subscribe(topic, name));
      }
      for (String text : List.of("a1", "b1", "a2", "b2")) {
        published.add(publish(topic, message(text).withKey(text.substring(0, 1))));
      }
      site.carry(observer, Map.of());
    }

    @Override
    public void recover() throws Exception {
      QueueTopic topic = site.topic();
      Bridge bridge = bridge(topic);
      for (MessageQueue queue : queues) {
        List<Message> taken = takeUntil(queue, published);
        assertThat(deduped(taken)).containsExactlyInAnyOrderElementsOf(published);
      }
      eventually("an empty source", () -> isEmpty(site.source()));
      stop(bridge);
    }
  }

  @Test
  @Proves(value = "TOPIC-4", guarantee = "bridge")
  void aMessageIsSettledOnlyAfterEverySubscriptionHasConfirmedIt() throws Exception {
    QueueSite site = site().bridged();
    QueueTopic topic = site.topic();
    MessageQueue here = subscribe(topic, "here");
    MessageQueue away = subscribe(topic, "away");
    site.queueOf("away").set(SwitchedQueue.Mode.DOWN);
    Bridge bridge = bridge(topic);
    Message message = publish(topic, "one");
    assertThat(takeUntil(here, List.of(message))).contains(message);

    settleDown(visibility().multipliedBy(2));
    assertThat(isEmpty(site.source())).as("settled").isFalse();
    stop(bridge);
    site.queueOf("away").set(SwitchedQueue.Mode.UP);
    bridge(site.topic());

    assertThat(takeUntil(away, List.of(message))).contains(message);
    eventually("an empty source", () -> isEmpty(site.source()));
  }

  @Test
  @Proves(value = "TOPIC-4", guarantee = "bridge")
  void anAnswerThatIsLostIsNoConfirmation() throws Exception {
    QueueSite site = site().bridged();
    QueueTopic topic = site.topic();
    MessageQueue queue = subscribe(topic, "one");
    site.queueOf("one").set(SwitchedQueue.Mode.LOSING_ANSWERS);
    bridge(topic);
    Message message = publish(topic, "one");

    eventually("a second try", () -> site.queueOf("one").depth(soon()).waiting() >= 2);
    assertThat(isEmpty(site.source())).as("settled").isFalse();

    site.queueOf("one").set(SwitchedQueue.Mode.UP);
    eventually("an empty source", () -> isEmpty(site.source()));
    assertThat(deduped(takeUntil(queue, List.of(message)))).containsExactly(message);
  }

  @Test
  @Proves(value = "TOPIC-3", guarantee = "bridge")
  void whatABridgeHoldsGoesBackWhenItIsClosed() throws Exception {
    QueueSite site = site().bridged();
    QueueTopic topic = site.topic();
    MessageQueue away = subscribe(topic, "away");
    site.queueOf("away").set(SwitchedQueue.Mode.DOWN);
    Bridge bridge = bridge(topic);
    List<Message> published = publishAll(topic, "one", "two");
    eventually("the bridge at work", () -> site.source().depth(soon()).inFlight() == 2);

    stop(bridge);

    assertThat(site.source().depth(soon())).isEqualTo(new MessageQueue.Depth(2, 0, 0));
    site.queueOf("away").set(SwitchedQueue.Mode.UP);
    bridge(site.topic());
    assertThat(deduped(takeUntil(away, published))).containsExactlyInAnyOrderElementsOf(published);
  }
}
