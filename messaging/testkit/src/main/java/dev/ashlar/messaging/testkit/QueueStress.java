package dev.ashlar.messaging.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Guarantees.Promise;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.testkit.history.History;
import dev.ashlar.messaging.testkit.history.HistoryCheck;
import dev.ashlar.messaging.testkit.history.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Many threads send, receive, settle in every way and forget to settle, on one queue for a bounded
 * time; then the queue is emptied, and the history of it all is checked.
 *
 * <p>The contract shows each promise by itself. This shows that none breaks where calls overlap: an
 * adapter's test class extends both.
 *
 * <p><b>Guarantees.</b> What it reports is a defect whatever the threads did when: see {@link
 * HistoryCheck}. A failure names the seed, which repeats what each thread chooses, not when.
 *
 * <p><b>Threads.</b> One thread only; it starts those that it needs.
 *
 * <p><b>Limits.</b> The time that it is given, and as much as emptying the queue takes, at most
 * {@value #DRAIN_SECONDS_MAX} seconds. It stops early once {@value #EVENTS_MAX} events are
 * recorded.
 *
 * @see MessageQueueContract
 */
public abstract class QueueStress extends Contract {

  private static final int DRAIN_SECONDS_MAX = 60;
  private static final int EVENTS_MAX = 1_000_000;
  private static final int KEYS = 8;
  private static final Duration LOOK = Duration.ofMillis(20);

  private final TimeSource time = TimeSource.system();
  private final int threads;
  private final Duration span;
  private final History history = History.ofAtMost(EVENTS_MAX);

  /**
   * Takes the size of the test.
   *
   * @param threads how many send, and how many receive, 1 to 100 each
   * @param seconds for how long, 1 to 3600
   */
  protected QueueStress(int threads, int seconds) {
    if (threads < 1 || threads > 100) {
      throw new IllegalArgumentException("threads: " + threads + " (expected: 1 to 100)");
    }
    if (seconds < 1 || seconds > 3600) {
      throw new IllegalArgumentException("seconds: " + seconds + " (expected: 1 to 3600)");
    }
    this.threads = threads;
    this.span = Duration.ofSeconds(seconds);
  }

  /**
   * Opens a handle on the queue of that name, on the system's clock; asked once for each thread.
   *
   * @param options the queue's bounds, with a visibility short enough to end many times
   */
  protected abstract MessageQueue open(String name, QueueOptions options) throws Exception;

  /** Returns the visibility of the queue under test; a fifth of a second unless overridden. */
  protected Duration visibility() {
    return Duration.ofMillis(200);
  }

  @Override
  protected final Set<String> guarantees() {
    try (MessageQueue queue = open(freshName(), options())) {
      return queue.guarantees().promises().stream().map(Promise::label).collect(Collectors.toSet());
    } catch (Exception e) {
      throw new IllegalStateException("open: failed", e);
    }
  }

  private static String freshName() {
    return "stress-" + IdSource.system().text();
  }

  private QueueOptions options() {
    return QueueOptions.capacity(200).withVisibility(visibility()).withAttemptsMax(1000);
  }

  @Test
  @Proves("QUEUE-1")
  @Proves("QUEUE-2")
  void manyThreadsLoseNothingAndGetNothingThatIsDone() throws Exception {
    Verdict verdict = stress();

    assertThat(verdict.of(Verdict.Anomaly.LOST)).as("lost").isEmpty();
    assertThat(verdict.of(Verdict.Anomaly.DUPLICATED_AFTER_DONE)).as("duplicated").isEmpty();
  }

  @Test
  @Proves(value = "QUEUE-17", guarantee = "key-order")
  void manyThreadsGetEachKeyInOrder() throws Exception {
    Verdict verdict = stress();

    assertThat(verdict.of(Verdict.Anomaly.REORDERED_IN_KEY)).as("reordered").isEmpty();
  }

  private Verdict stress() throws Exception {
    String name = freshName();
    long seed = Seeds.next();
    Deadline end = Deadline.after(span, time);
    List<Background<Integer>> running = new ArrayList<>();
    List<MessageQueue> handles = new ArrayList<>();
    try {
      for (int i = 0; i < threads; i++) {
        MessageQueue queue = history.watch(open(name, options()));
        handles.add(queue);
        RandomGenerator sending = Seeds.random(seed + 2L * i);
        RandomGenerator receiving = Seeds.random(seed + 2L * i + 1);
        running.add(Background.start("send", () -> produce(queue, sending, end)));
        running.add(Background.start("receive", () -> consume(queue, receiving, end)));
      }
      int worked = 0;
      for (Background<Integer> each : running) {
        worked += finished(each);
      }
      drain(handles.get(0));
      assertThat(worked).as("sent and received").isPositive();
      return HistoryCheck.ofDrained(history.events());
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    } finally {
      handles.forEach(MessageQueue::close);
    }
  }

  private int finished(Background<Integer> thread) throws Exception {
    Deadline patience = Deadline.after(Duration.ofSeconds(DRAIN_SECONDS_MAX).plus(span), time);
    while (!thread.isDone()) {
      assertThat(patience.hasExpired()).as("a thread that does not end").isFalse();
      time.sleep(LOOK);
    }
    return thread.result();
  }

  private boolean goesOn(Deadline end) {
    return !end.hasExpired() && history.size() < EVENTS_MAX / 2;
  }

  private int produce(MessageQueue queue, RandomGenerator random, Deadline end)
      throws InterruptedException {
    IdSource ids = IdSource.of(time, random);
    int sent = 0;
    while (goesOn(end)) {
      Message message = Message.of(MessageId.next(ids), Bytes.utf8("" + sent));
      if (random.nextInt(4) > 0) {
        message = message.withKey("key" + random.nextInt(KEYS));
      }
      try {
        queue.trySend(message, Duration.ZERO, Deadline.after(LOOK, time));
        sent++;
      } catch (BackendException e) {
        // Recorded as unknown.
      }
    }
    return sent;
  }

  private int consume(MessageQueue queue, RandomGenerator random, Deadline end)
      throws InterruptedException {
    int received = 0;
    while (goesOn(end)) {
      try {
        for (Delivery delivery : queue.receive(1 + random.nextInt(4), Deadline.after(LOOK, time))) {
          received++;
          settle(delivery, random);
        }
      } catch (BackendException e) {
        // What was claimed, and not heard of, comes again when its visibility ends.
      }
    }
    return received;
  }

  private void settle(Delivery delivery, RandomGenerator random) throws InterruptedException {
    int choice = random.nextInt(100);
    if (choice < 75) {
      delivery.settle(Outcome.done(), soon());
    } else if (choice < 90) {
      Duration delay = Duration.ofMillis(random.nextInt(10));
      delivery.settle(new Outcome.Retry(delay, "not yet"), soon());
    } else if (choice < 95) {
      delivery.release(soon());
    } else if (choice < 98) {
      delivery.settle(new Outcome.DeadLetter("for the test"), soon());
    } else {
      delivery.renew(soon());
      // And never settled: its visibility ends.
    }
  }

  private void drain(MessageQueue queue) throws InterruptedException {
    Deadline patience = Deadline.after(Duration.ofSeconds(DRAIN_SECONDS_MAX), time);
    while (!isEmpty(queue)) {
      assertThat(patience.hasExpired()).as("a queue that does not empty").isFalse();
      try {
        for (DeadLetters.Entry dead : queue.deadLetters().list(100, soon())) {
          queue.deadLetters().redrive(dead.message().id(), soon());
        }
        for (Delivery delivery : queue.receive(100, Deadline.after(LOOK, time))) {
          delivery.settle(Outcome.done(), soon());
        }
      } catch (BackendException e) {
        // Asked again.
      }
    }
  }

  private boolean isEmpty(MessageQueue queue) throws InterruptedException {
    try {
      return queue.depth(soon()).equals(new MessageQueue.Depth(0, 0, 0));
    } catch (BackendException e) {
      return false;
    }
  }

  private Deadline soon() {
    return Deadline.after(Duration.ofSeconds(10), time);
  }
}
