package dev.ashlar.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.testkit.history.Event;
import dev.ashlar.messaging.testkit.history.History;
import dev.ashlar.messaging.testkit.history.HistoryCheck;
import dev.ashlar.messaging.testkit.history.Span;
import dev.ashlar.messaging.testkit.history.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Histories of one's own: recorded in a few lines, and searched for what must not happen. */
class OwnHistoryTest {

  private static final TimeSource TIME = TimeSource.system();

  private final Deadline soon = Deadline.after(Duration.ofSeconds(30), TIME);
  private final MessageQueue queue =
      new OwnQueue("orders", QueueOptions.capacity(1000), TIME, Observer.none());

  @Test
  void aWatchedQueueIsRecordedByItself() throws Exception {
    // [readme:own-history]
    History history = History.ofAtMost(100_000);
    MessageQueue watched = history.watch(queue);
    useFromManyThreads(watched);
    assertThat(HistoryCheck.ofDrained(history.events()).findings()).isEmpty();
    // [/readme]

    assertThat(history.events()).hasSize(3 * 4 * 250);
  }

  private void useFromManyThreads(MessageQueue watched) throws Exception {
    List<Background<Integer>> running = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      running.add(Background.start("use", () -> use(watched)));
    }
    for (Background<Integer> each : running) {
      Eventually.holds("the end of a thread", Duration.ofSeconds(30), each::isDone);
      assertThat(each.result()).isEqualTo(250);
    }
  }

  private int use(MessageQueue watched) throws InterruptedException {
    int handled = 0;
    for (int i = 0; i < 250; i++) {
      watched.send(Message.of(MessageId.next(IdSource.system()), Bytes.empty()), soon);
      for (Delivery delivery : watched.receive(1, soon)) {
        delivery.settle(Outcome.done(), soon);
        handled++;
      }
    }
    return handled;
  }

  @Test
  void whatIsNoMessageQueueIsRecordedByHand() throws Exception {
    List<String> printed = new ArrayList<>();
    // [readme:own-recording]
    History history = History.ofAtMost(100_000);
    Queue<String> mailbox = new ConcurrentLinkedQueue<>();
    for (String order : List.of("order-1", "order-2", "order-3")) {
      long began = history.begin();
      mailbox.add(order);
      history.add(began, span -> sent(span, order));
    }
    for (int i = 1; i <= 3; i++) {
      long began = history.begin();
      String order = mailbox.remove();
      history.add(began, span -> new Event.Deliver(span, new MessageId(order), 1));
      // The second one fails, and nobody has put it back.
      Event.Settled how = i == 2 ? Event.Settled.BACK : Event.Settled.DONE;
      history.add(history.begin(), span -> new Event.Settle(span, new MessageId(order), how));
    }
    for (Verdict.Finding finding : HistoryCheck.ofDrained(history.events()).findings()) {
      printed.add(finding.anomaly().toString());
      finding.events().forEach(event -> printed.add("  " + event));
    }
    // [/readme]

    assertThat(printed).first().isEqualTo("LOST");
    assertThat(Files.readString(Path.of("../messaging/testkit/README.md")))
        .contains(printed.stream().collect(Collectors.joining("\n", "```\n", "\n```\n")));
  }

  private static Event sent(Span span, String order) {
    return new Event.Send(span, new MessageId(order), Optional.empty(), Event.Answer.CONFIRMED);
  }
}
