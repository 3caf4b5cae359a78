package dev.ashlar.messaging.testkit.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.CrashPoints;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.testkit.MortalProcess;
import dev.ashlar.messaging.topic.Bridge;
import dev.ashlar.messaging.topic.Subscription;
import dev.ashlar.messaging.topic.SubscriptionOptions;
import dev.ashlar.messaging.topic.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** That a subscription is there or is not, and for how long. */
abstract class SubscribingProperties extends FanOutProperties {

  @Test
  @Proves(value = "TOPIC-5", guarantee = "durable")
  void aDurableSubscriptionGetsWhatWasPublishedWhileItWasOffline() throws Exception {
    TopicSite site = site();
    Topic topic = site.topic();
    run(topic);
    subscribe(topic, "durable").close();
    settleDown(term().multipliedBy(2));
    List<Message> missed = publishAll(topic, "a", "b");
    eventually("the end of forwarding", site::isForwarded);

    MessageQueue back = subscribe(site.topic(), "durable");

    assertThat(deduped(takeUntil(back, missed))).containsExactlyInAnyOrderElementsOf(missed);
  }

  @Test
  @Proves(value = "TOPIC-5", guarantee = "durable")
  void aTransientSubscriptionDoesNot() throws Exception {
    TopicSite site = site();
    Topic topic = site.topic();
    run(topic);
    subscribe(topic, "passing", SubscriptionOptions.whileUsed());
    settleDown(term().multipliedBy(2));
    assertThat(topic.subscriptions(soon())).isEmpty();
    publishAll(topic, "a", "b");
    eventually("the end of forwarding", site::isForwarded);

    MessageQueue back = subscribe(topic, "passing", SubscriptionOptions.whileUsed());
    Message next = publish(topic, "next");

    assertThat(takeUntil(back, List.of(next))).containsOnly(next);
  }

  @Test
  @Proves(value = "TOPIC-5", guarantee = "durable")
  void aTransientSubscriptionStaysWhileItIsUsed() throws Exception {
    Topic topic = site().topic();
    run(topic);
    MessageQueue used = subscribe(topic, "used", SubscriptionOptions.whileUsed());

    for (int i = 0; i < 10; i++) {
      settleDown(term().dividedBy(3));
      Message message = publish(topic, "m" + i);
      assertThat(takeUntil(used, List.of(message))).containsOnly(message);
    }
  }

  @Test
  @Proves(value = "TOPIC-5", guarantee = "durable")
  void waitingForAMessageIsUseToo() throws Exception {
    Topic topic = site().topic();
    run(topic);
    MessageQueue used = subscribe(topic, "used", SubscriptionOptions.whileUsed());
    Background<List<Delivery>> waiting = Background.start("receive", () -> used.receive(1, soon()));
    settleDown(term().multipliedBy(3));
    assertThat(waiting.isDone()).isFalse();

    Message message = publish(topic, "at last");

    eventually("the message", waiting::isDone);
    assertThat(waiting.result()).extracting(Delivery::message).containsExactly(message);
  }

  @Test
  @Proves("TOPIC-6")
  void aSubscriptionIsThereAsSoonAsSubscribingReturns() throws Exception {
    Topic topic = site().topic();
    run(topic);

    for (int i = 0; i < 10; i++) {
      publish(topic, "before " + i);
      MessageQueue queue = subscribe(topic, "s" + i);
      Message message = publish(topic, "after " + i);
      assertThat(takeUntil(queue, List.of(message))).contains(message);
    }
  }

  @Test
  @Proves("TOPIC-6")
  void nothingThatIsPublishedAfterUnsubscribingArrives() throws Exception {
    TopicSite site = site();
    Topic topic = site.topic();
    run(topic);
    MessageQueue old = subscribe(topic, "name");
    MessageQueue stays = subscribe(topic, "stays");
    Message before = publish(topic, "before");
    assertThat(takeUntil(old, List.of(before))).containsOnly(before);
    publish(topic, "left behind");
    eventually("the rest", () -> old.depth(soon()).waiting() == 1);

    assertThat(topic.unsubscribe("name", soon())).isTrue();
    Message between = publish(topic, "between");
    assertThat(deduped(takeUntil(stays, List.of(between)))).contains(between);
    MessageQueue again = subscribe(topic, "name");
    Message after = publish(topic, "after");

    assertThat(takeUntil(again, List.of(after))).containsOnly(after);
    assertThat(texts(takeRest(old))).doesNotContain("between", "after");
    assertThat(topic.unsubscribe("nobody", soon())).isFalse();
  }

  /** Takes what a member of a subscription that has ended still gets, which may be refused. */
  private List<Message> takeRest(MessageQueue queue) throws InterruptedException {
    try {
      return takeNow(queue);
    } catch (IllegalStateException e) {
      assertThat(e).hasMessageContaining("ended");
      return List.of();
    }
  }

  @Test
  @Proves("TOPIC-6")
  void aSubscriptionIsJoinedWithTheSameOptionsOnly() throws Exception {
    Topic topic = site().topic();
    subscribe(topic, "name");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> subscribe(topic, "name", SubscriptionOptions.whileUsed()))
        .withMessageStartingWith("options: ");

    assertThat(topic.subscriptions(soon())).extracting(Subscription::name).containsExactly("name");
  }

  @Test
  @Proves("TOPIC-6")
  void noCrashLeavesASubscriptionHalfMade() throws Exception {
    CrashPoints.forEach(() -> new Changing(false));
  }

  @Test
  @Proves("TOPIC-6")
  void noCrashLeavesASubscriptionHalfEnded() throws Exception {
    CrashPoints.forEach(() -> new Changing(true));
  }

  /** A process that subscribes or unsubscribes, and the one that goes on after its death. */
  private final class Changing implements CrashPoints.Run {
    private final boolean ending;
    private final TopicSite site;
    private final List<Message> seen = new ArrayList<>();

    Changing(boolean ending) throws Exception {
      this.ending = ending;
      this.site = site();
    }

    @Override
    public void work(Observer observer) throws Exception {
      if (ending) {
        subscribe(site.topic(), "name");
        dying(observer).unsubscribe("name", soon());
      } else {
        subscribe(dying(observer), "name");
      }
    }

    /** The process dies, and its queues do not: the next one uses them too. */
    private Topic dying(Observer observer) throws Exception {
      return site.topic(new MortalProcess(observer));
    }

    @Override
    public void recover() throws Exception {
      Topic topic = site.topic();
      boolean there = !topic.subscriptions(soon()).isEmpty();
      Optional<Bridge> bridge = run(topic);
      Message first = publish(topic, message("first").withKey("k"));
      eventually("the end of forwarding", site::isForwarded);
      MessageQueue joined = subscribe(topic, "name");
      Message second = publish(topic, message("second").withKey("k"));
      seen.addAll(deduped(takeUntil(joined, List.of(second))));
      assertThat(seen).isEqualTo(there ? List.of(first, second) : List.of(second));
      stop(bridge);
    }
  }
}
