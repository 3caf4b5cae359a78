package dev.ashlar.messaging.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.ashlar.messaging.testkit.history.Event.Answer;
import dev.ashlar.messaging.testkit.history.Event.Settled;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is recorded is what was done. */
class HistoryTest {

  private final Deadline soon = Deadline.after(Duration.ofSeconds(30), TimeSource.system());
  private final MessageQueue queue =
      MemoryQueue.of("q", QueueOptions.capacity(2), TimeSource.system(), Observer.none());

  @Test
  void aWatchedQueueIsRecorded() throws InterruptedException {
    // [doc:History]
    History history = History.ofAtMost(100_000);
    MessageQueue watched = history.watch(queue);
    useFromManyThreads(watched);
    assertThat(HistoryCheck.ofDrained(history.events()).findings()).isEmpty();
    // [/doc]

    MessageId a = new MessageId("a");
    MessageId b = new MessageId("b");
    assertThat(history.events())
        .containsExactly(
            new Event.Send(new Span(1, 2), a, Optional.of("k"), Answer.CONFIRMED),
            new Event.Send(new Span(3, 4), b, Optional.empty(), Answer.CONFIRMED),
            new Event.Send(new Span(3, 5), a, Optional.empty(), Answer.REFUSED),
            new Event.Deliver(new Span(6, 7), a, 1),
            new Event.Deliver(new Span(6, 8), b, 1),
            new Event.Settle(new Span(9, 10), a, Settled.BACK),
            new Event.Settle(new Span(11, 12), a, Settled.STALE),
            new Event.Settle(new Span(13, 14), b, Settled.DEAD),
            new Event.Deliver(new Span(15, 16), a, 2),
            new Event.Settle(new Span(17, 18), a, Settled.DONE));
  }

  private void useFromManyThreads(MessageQueue watched) throws InterruptedException {
    Message a = Message.of(new MessageId("a"), Bytes.empty());
    Message b = Message.of(new MessageId("b"), Bytes.empty());
    watched.send(a.withKey("k"), soon);
    watched.sendAll(List.of(b, a), Deadline.after(Duration.ZERO, TimeSource.system()));
    List<Delivery> both = watched.receive(2, soon);
    both.get(0).release(soon);
    both.get(0).settle(Outcome.done(), soon);
    both.get(1).settle(new Outcome.DeadLetter("for the test"), soon);
    for (Delivery again : watched.receive(1, soon)) {
      again.settle(Outcome.done(), soon);
    }
  }
}
