package dev.ashlar.examples.shop.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.shop.order.Item;
import dev.ashlar.examples.shop.order.Order;
import dev.ashlar.examples.shop.service.OrderMessages;
import dev.ashlar.examples.shop.service.Service;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.MemoryQueue;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FaultyQueueTest {

  private static final TimeSource TIME = TimeSource.system();

  private final MessageQueue queue =
      MemoryQueue.of("stock", QueueOptions.capacity(100), TIME, Observer.none());
  private final FaultCounts counts = new FaultCounts();

  private FaultyQueue under(String schedule) {
    return new FaultyQueue(queue, Service.STOCK, FaultFile.parse("f", schedule), counts);
  }

  private static Message message(long number) {
    Order order = new Order("o-" + number, "c", List.of(new Item("tea", 1)), 100);
    return OrderMessages.placed(order, number);
  }

  private static List<Message> messages(long last) {
    return LongStream.rangeClosed(1, last).mapToObj(FaultyQueueTest::message).toList();
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(5), TIME);
  }

  private List<Long> received() throws InterruptedException {
    List<Delivery> now = queue.receive(100, Deadline.after(Duration.ZERO, TIME));
    return now.stream().map(each -> OrderMessages.number(each.message())).toList();
  }

  @Test
  void theScheduledMessageIsDoubled() throws Exception {
    assertThat(under("duplicate stock every 3").sendAll(messages(4), soon()))
        .hasSize(4)
        .hasOnlyElementsOfType(SendResult.Accepted.class);

    assertThat(received()).containsExactlyInAnyOrder(1L, 2L, 3L, 3L, 4L);
    assertThat(counts.counts()).containsEntry("duplicate", 1L);
  }

  @Test
  void refusalsEndAfterTheirTimes() throws Exception {
    FaultyQueue faulty = under("refuse stock every 2 times 2");

    List<SendResult> first = faulty.sendAll(messages(3), soon());
    SendResult second = faulty.trySend(message(2), Duration.ZERO, soon());
    SendResult third = faulty.trySend(message(2), Duration.ZERO, soon());

    assertThat(first.get(0)).isInstanceOf(SendResult.Accepted.class);
    assertThat(first.get(1)).isInstanceOf(SendResult.Refused.class);
    assertThat(first.get(2)).isInstanceOf(SendResult.Accepted.class);
    assertThat(second).isInstanceOf(SendResult.Refused.class);
    assertThat(third).isInstanceOf(SendResult.Accepted.class);
    assertThat(received()).containsExactlyInAnyOrder(1L, 2L, 3L);
    assertThat(counts.counts()).containsEntry("refuse", 1L);
  }

  @Test
  void aDelayedMessageIsNotThereYet() throws Exception {
    under("delay stock every 2 for 60s").sendAll(messages(2), soon());

    assertThat(received()).containsExactly(1L);
    assertThat(queue.depth(soon()).waiting()).isEqualTo(1);
    assertThat(counts.counts()).containsEntry("delay", 1L);
  }

  @Test
  void otherServicesAreLeftAlone() throws Exception {
    under("refuse invoices every 1 times 9\nduplicate loyalty every 1")
        .sendAll(messages(2), soon());

    assertThat(received()).containsExactly(1L, 2L);
  }
}
