package dev.ashlar.messaging.testkit.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Criticality;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.CountingObserver;
import dev.ashlar.core.testkit.CrashAt;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.core.testkit.SimulatedCrash;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.consume.ConsumerOptions;
import dev.ashlar.messaging.consume.Handler;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.LogConsumer;
import dev.ashlar.messaging.log.LogConsumerOptions;
import dev.ashlar.messaging.log.LogConsumerOptions.WhenLost;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.MemoryEventLog;
import dev.ashlar.messaging.log.StartAt;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Limits, contexts, observers, crashes and closing of the consuming loop. */
class LogConsumerTest {

  private static final Duration TERM = Duration.ofSeconds(1);
  private static final IdSource IDS = IdSource.of(TimeSource.system(), Seeds.random(Seeds.next()));

  private final ManualTime time = ManualTime.create();
  private final Queue<LogConsumer> consumers = new ConcurrentLinkedQueue<>();
  private final Queue<String> handled = new ConcurrentLinkedQueue<>();

  private EventLog log(LogOptions options, Observer observer) {
    return MemoryEventLog.of("log", options, time, observer);
  }

  private Deadline soon() {
    return Deadline.after(Duration.ofMinutes(1), time);
  }

  private void append(EventLog log, int count) throws InterruptedException {
    for (int i = 1; i <= count; i++) {
      log.append(message("r" + i), soon());
    }
  }

  private static Message message(String text) {
    return Message.of(MessageId.next(IDS), Bytes.utf8(text));
  }

  private LogConsumerOptions options(Observer observer, int threads, int inFlight) {
    CallContext.Receiver receiver =
        new CallContext.Receiver(
            CallContext.Trust.PEER,
            Criticality.CRITICAL_PLUS,
            Duration.ofMinutes(1),
            IDS,
            time,
            observer);
    return LogConsumerOptions.of(
            ConsumerOptions.of("consumer", receiver, Seeds.random(Seeds.next()))
                .withConcurrency(threads, inFlight)
                .withRetry(TERM.dividedBy(10), TERM))
        .withCommitEvery(TERM.dividedBy(20));
  }

  private LogConsumer start(EventLog log, Handler handler, LogConsumerOptions options)
      throws InterruptedException {
    LogConsumer consumer =
        LogConsumer.start(log.join("group", StartAt.beginning(), TERM), handler, options);
    consumers.add(consumer);
    return consumer;
  }

  private void eventually(String what, Eventually.Check check) throws Exception {
    Eventually.holds(
        what,
        Duration.ofSeconds(30),
        () -> {
          time.advance(TERM.dividedBy(50));
          return check.holds();
        });
  }

  private long lag(EventLog log) throws InterruptedException {
    return log.lag("group", soon()).stream().mapToLong(each -> each.records().orElse(0)).sum();
  }

  @AfterEach
  void close() throws InterruptedException {
    for (LogConsumer consumer : consumers) {
      consumer.close(Deadline.after(Duration.ZERO, time));
    }
  }

  @Test
  void neverMoreThanTheLimitsAreInFlightOrHandled() throws Exception {
    EventLog log = log(LogOptions.partitions(3), Observer.none());
    append(log, 60);
    CountDownLatch finish = new CountDownLatch(1);
    AtomicInteger busy = new AtomicInteger();
    AtomicInteger busiest = new AtomicInteger();
    LogConsumer consumer =
        start(
            log,
            (message, context) -> {
              busiest.accumulateAndGet(busy.incrementAndGet(), Math::max);
              finish.await();
              busy.decrementAndGet();
              return Outcome.done();
            },
            options(Observer.none(), 2, 5));
    eventually("two busy", () -> busy.get() == 2);
    for (int i = 0; i < 50; i++) {
      time.advance(TERM.dividedBy(50));
      TimeSource.system().sleep(Duration.ofMillis(1));
      assertThat(consumer.inFlight()).isBetween(2, 5);
    }
    finish.countDown();
    eventually("the whole", () -> lag(log) == 0);

    assertThat(busiest.get()).isEqualTo(2);
  }

  @Test
  void theProducersContextIsCarriedAndTheThreadHasItsOwnAgainAfterwards() throws Exception {
    EventLog log = log(LogOptions.partitions(1), Observer.none());
    CallContext request = CallContext.root(IDS, soon(), "test");
    request.call(() -> log.append(message("one"), soon()));
    log.append(message("two"), soon());
    Queue<CallContext> contexts = new ConcurrentLinkedQueue<>();
    Queue<Boolean> current = new ConcurrentLinkedQueue<>();

    start(
        log,
        (message, context) -> {
          contexts.add(context);
          current.add(CallContext.current().equals(Optional.of(context)));
          return Outcome.done();
        },
        options(Observer.none(), 1, 1));
    eventually("both", () -> contexts.size() == 2);

    assertThat(contexts.peek().correlation()).isEqualTo(request.correlation());
    assertThat(contexts.peek().causedBy()).contains(request.request());
    assertThat(contexts)
        .last()
        .extracting(CallContext::correlation)
        .isNotEqualTo(request.correlation());
    assertThat(current).containsOnly(true);
  }

  @Test
  void theObserverHearsOfAttemptsPoisonAndPartitions() throws Exception {
    CountingObserver observer = new CountingObserver();
    EventLog log = log(LogOptions.partitions(1), observer);
    append(log, 1);
    Queue<Integer> attempts = new ConcurrentLinkedQueue<>();
    LogConsumer consumer =
        start(
            log,
            (message, context) -> {
              attempts.add(context.attempt());
              return new Outcome.Retry(Duration.ZERO, "not yet");
            },
            options(observer, 1, 1));

    eventually("the stop", () -> !consumer.stopped().isEmpty());

    assertThat(attempts).containsExactly(1, 2, 3, 4, 5);
    assertThat(observer.count("logconsumer.poison")).isEqualTo(1);
    assertThat(observer.count("logconsumer.stopped")).isEqualTo(1);
    assertThat(consumer.stopped().get("0")).contains("not yet");
    assertThat(consumer.state()).isEqualTo(LogConsumer.State.RUNNING);
  }

  @Test
  void aHandlerThatDoesNotEndIsLeftBehindAtTheDeadlineAndItsRecordComesAgain() throws Exception {
    EventLog log = log(LogOptions.partitions(1), Observer.none());
    append(log, 2);
    CountDownLatch finish = new CountDownLatch(1);
    LogConsumer consumer =
        start(
            log,
            (message, context) -> {
              handled.add(message.payload().toUtf8());
              finish.await();
              return Outcome.done();
            },
            options(Observer.none(), 1, 2));
    eventually("the first", () -> handled.size() == 1);

    assertThat(consumer.close(Deadline.after(Duration.ZERO, time))).isFalse();
    eventually("the leaving", () -> consumer.state() == LogConsumer.State.CLOSED);
    start(
        log,
        (message, context) -> {
          handled.add("again " + message.payload().toUtf8());
          return Outcome.done();
        },
        options(Observer.none(), 1, 2));
    eventually("the whole", () -> lag(log) == 0);
    finish.countDown();

    assertThat(handled).containsExactly("r1", "again r1", "again r2");
  }

  @Test
  void closingInTheMiddleOfAFlowEndsWellAndTheNextOneGoesOn() throws Exception {
    EventLog log = log(LogOptions.partitions(2), Observer.none());
    Handler handler =
        (message, context) -> {
          handled.add(message.payload().toUtf8());
          return Outcome.done();
        };
    for (int round = 0; round < 20; round++) {
      LogConsumer consumer = start(log, handler, options(Observer.none(), 2, 4));
      append(log, 15);
      int before = handled.size();
      eventually("some", () -> handled.size() > before);
      Deadline deadline = Deadline.after(TERM.multipliedBy(1000), time);
      Background<Boolean> closing = Background.start("close", () -> consumer.close(deadline));
      eventually("the end of closing", closing::isDone);
      assertThat(closing.result()).isTrue();
    }
    start(log, handler, options(Observer.none(), 2, 4));
    eventually("the whole", () -> lag(log) == 0);

    assertThat(handled).as("nothing lost, nothing twice without a crash").hasSize(20 * 15);
  }

  @Test
  void aCrashAtAnyStepLosesNothing() throws Exception {
    for (String step :
        new String[] {
          "logconsumer.received",
          "logconsumer.handled",
          "logconsumer.ended",
          "logconsumer.committing",
          "logconsumer.committed"
        }) {
      handled.clear();
      crashAt(step);
    }
  }

  private void crashAt(String step) throws Exception {
    EventLog log = log(LogOptions.partitions(1), Observer.none());
    append(log, 4);
    Handler handler =
        (message, context) -> {
          handled.add(message.payload().toUtf8());
          return Outcome.done();
        };
    LogConsumer doomed = start(log, handler, options(CrashAt.named(step), 1, 4));
    eventually("the crash at " + step, () -> doomed.state() == LogConsumer.State.FAILED);
    assertThat(doomed.failure()).containsInstanceOf(SimulatedCrash.class);

    start(log, handler, options(Observer.none(), 1, 4));
    eventually("the whole", () -> lag(log) == 0);

    assertThat(handled).as(step).contains("r1", "r2", "r3", "r4");
  }

  @Test
  void aLostPositionStopsOrGoesOnAsIsSaid() throws Exception {
    CountingObserver observer = new CountingObserver();
    EventLog log =
        log(LogOptions.partitions(1).withRetention(TERM.multipliedBy(10), 1 << 20), observer);
    log.join("group", StartAt.beginning(), TERM).close();
    append(log, 2);
    time.advance(TERM.multipliedBy(20));
    log.append(message("kept"), soon());
    Handler handler =
        (message, context) -> {
          handled.add(message.payload().toUtf8());
          return Outcome.done();
        };
    LogConsumer stops = start(log, handler, options(observer, 1, 4));
    eventually("the stop", () -> stops.stopped().getOrDefault("0", "").contains("position lost"));
    stops.close(Deadline.after(Duration.ZERO, time));
    eventually("the leaving", () -> stops.state() == LogConsumer.State.CLOSED);
    assertThat(handled).isEmpty();

    start(log, handler, options(observer, 1, 4).withWhenLost(WhenLost.GO_ON_WITH_EARLIEST));
    eventually("what is left", () -> lag(log) == 0);

    assertThat(handled).containsExactly("kept");
    assertThat(observer.count("logconsumer.position.lost")).isEqualTo(2);
  }
}
