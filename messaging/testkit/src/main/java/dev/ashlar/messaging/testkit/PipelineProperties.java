package dev.ashlar.messaging.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Advice;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That many can be on their way, that many can be settled, and that a late sender is not lost. */
abstract class PipelineProperties extends HandOverProperties {

  private static final int MANY = 40;

  @Test
  @Proves("QUEUE-34")
  void aDeadlineThatHasComeSendsIfThereIsRoomNow() throws Exception {
    MessageQueue queue = queue(QueueOptions.capacity(2).withVisibility(visibility()));
    Message first = message("first");
    Message second = message("second");

    assertThat(queue.trySend(first, Duration.ZERO, atOnce())).isEqualTo(new SendResult.Accepted());
    assertThat(queue.sendAll(List.of(second), atOnce())).containsExactly(new SendResult.Accepted());

    assertThat(queue.trySend(message("third"), Duration.ZERO, atOnce()))
        .isInstanceOfSatisfying(
            SendResult.Refused.class,
            refused -> assertThat(refused.advice()).isInstanceOf(Advice.Overloaded.class));
    assertThat(take(queue, 2)).containsExactlyInAnyOrder(first, second);
  }

  @Test
  @Proves("QUEUE-35")
  void whatIsPutOnItsWayIsDelivered() throws Exception {
    MessageQueue queue = queue();
    List<Message> sent = new ArrayList<>();
    List<SendResult.Ticket> tickets = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      sent.add(message("" + i));
      tickets.add(queue.submit(sent.get(i), Duration.ZERO, soon()));
    }

    for (SendResult.Ticket ticket : tickets) {
      assertThat(ticket.await(soon())).isEqualTo(new SendResult.Accepted());
      assertThat(ticket.await(atOnce())).isEqualTo(new SendResult.Accepted());
    }
    assertThat(take(queue, MANY)).containsExactlyInAnyOrderElementsOf(sent);
  }

  @Test
  @Proves("QUEUE-35")
  void whatNobodyAsksForIsDeliveredToo() throws Exception {
    Message sent = message("one");

    queue().submit(sent, Duration.ZERO, soon());

    assertThat(next(queue()).message()).isEqualTo(sent);
  }

  @Test
  @Proves("QUEUE-35")
  void aRefusalIsToldByTheTicket() throws Exception {
    MessageQueue queue = queue(QueueOptions.capacity(1).withVisibility(visibility()));
    Message sent = send(queue, "first");

    SendResult.Ticket refused = queue.submit(message("second"), Duration.ZERO, atOnce());

    assertThat(refused.await(soon())).isInstanceOf(SendResult.Refused.class);
    assertThat(refused.await(soon())).isInstanceOf(SendResult.Refused.class);
    assertThat(take(queue, 1)).containsExactly(sent);
  }

  @Test
  @Proves(value = "QUEUE-35", guarantee = "fifo")
  void whatOneProducerPutsOnItsWayKeepsItsOrder() throws Exception {
    MessageQueue queue = queue();
    List<Message> sent = new ArrayList<>();
    List<SendResult.Ticket> tickets = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      sent.add(message("" + i));
      tickets.add(queue.submit(sent.get(i), Duration.ZERO, soon()));
    }
    for (int i = MANY - 1; i >= 0; i--) {
      assertThat(tickets.get(i).await(soon())).isEqualTo(new SendResult.Accepted());
    }

    assertThat(take(queue, MANY)).isEqualTo(sent);
  }

  @Test
  @Proves("QUEUE-36")
  void manyAreSettledAtOnceAndEachIsAnswered() throws Exception {
    MessageQueue queue = queue();
    for (int i = 0; i < 4; i++) {
      send(queue, "" + i);
    }
    List<Delivery> deliveries = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      deliveries.add(next(queue));
    }
    Delivery former = deliveries.get(1);
    former.release(soon());
    Delivery holder = next(queue);

    assertThat(queue.settleAll(deliveries, Outcome.done(), soon()))
        .containsExactly(
            Settlement.APPLIED, Settlement.STALE, Settlement.APPLIED, Settlement.APPLIED);

    assertThat(queue.depth(soon())).isEqualTo(new MessageQueue.Depth(0, 1, 0));
    assertThat(queue.settleAll(List.of(holder), retry(Duration.ZERO), soon()))
        .containsExactly(Settlement.APPLIED);
    assertThat(take(queue, 1)).containsExactly(holder.message());
  }
}
