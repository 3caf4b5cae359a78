package dev.ashlar.messaging.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Criticality;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.DeadKey;
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Guarantees.ExpiryClock;
import dev.ashlar.messaging.Guarantees.Promise;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.Settlement;
import dev.ashlar.messaging.consume.Consumer;
import dev.ashlar.messaging.consume.ConsumerOptions;
import dev.ashlar.messaging.consume.Handler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;

/**
 * What an adapter tells the contract of queues about itself, and the words in which its tests are
 * written.
 *
 * <p>Tests here never sleep for a guess. "Not before" is measured on the subject's clock, from
 * before the first call to after the second delivery was seen, so that a pause of the machine can
 * only make the measured time longer. "Soon" has a bound so wide that only a hang exceeds it.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 *
 * @see MessageQueueContract
 */
public abstract class QueueFixture extends Contract {

  private static final IdSource IDS = IdSource.of(TimeSource.system(), Seeds.random(Seeds.next()));
  private static final int HANDLER_SECONDS_MAX = 60;
  private static final AtomicInteger CONSUMERS = new AtomicInteger();

  private final List<MessageQueue> opened = new ArrayList<>();
  private final List<Running> running = new ArrayList<>();
  private Optional<MessageQueue> main = Optional.empty();

  /** For the contract. */
  QueueFixture() {}

  // What an adapter says.

  /**
   * Opens a handle on the queue of that name, and makes the queue if there is none. Opening a name
   * again is what a restarted process does: another handle on the same stored messages. A queue
   * that lives in one process returns the same object.
   *
   * <p>Asked before any set-up of the subclass, so the engine must be there already.
   *
   * @param name not used by any other test
   * @param options the queue's bounds, the same for each handle of a name
   * @param observer to be given to the queue
   */
  protected abstract MessageQueue open(String name, QueueOptions options, Observer observer)
      throws Exception;

  /** Returns the clock by which the tests measure and wait. */
  protected abstract TimeSource time();

  /**
   * Returns the visibility of the queues under test: about a second for an engine with a real
   * clock, anything for one whose clock is moved by hand.
   */
  protected abstract Duration visibility();

  /** Lets time pass; a clock that is moved by hand is moved on. */
  protected void pass(Duration duration) throws InterruptedException {
    time().sleep(duration);
  }

  /**
   * Returns how long, in real time, a test waits for what must come before it fails.
   *
   * <p>Far more than anything takes, because a slow machine is no defect; less only for twins,
   * which are expected to fail.
   */
  protected Duration patience() {
    return Duration.ofSeconds(30);
  }

  /**
   * Damages the stored form of a message that waits in a queue, so that its envelope cannot be read
   * any more, while its payload stays.
   *
   * @return whether it was done; {@code false} for an engine that stores no bytes to damage
   */
  protected boolean damage(MessageQueue queue, MessageId id) throws Exception {
    return false;
  }

  /** Cuts the connection of a handle; needed where {@code connection-loss} is promised. */
  protected void cutConnection(MessageQueue handle) throws Exception {
    throw new UnsupportedOperationException("cutConnection: not given by the subject");
  }

  /**
   * Opens a handle whose sends are carried out, but whose answers never arrive.
   *
   * <p>An engine behind a connection cuts it after the request was carried out, and so shows what
   * its adapter makes of that. An engine without one keeps this stand-in.
   */
  protected MessageQueue openLosingAnswers(String name, QueueOptions options) throws Exception {
    return new UnreliableQueue(open(name, options, Observer.none()))
        .set(UnreliableQueue.Mode.LOSING_ANSWERS);
  }

  /** Starts a consumer; overridden by twins only. */
  protected Running start(MessageQueue queue, Handler handler, ConsumerOptions options) {
    Consumer consumer = Consumer.start(queue, handler, options);
    return consumer::close;
  }

  /** A consumer at work. */
  @FunctionalInterface
  protected interface Running {

    /** Closes it, as {@link Consumer#close(Deadline)} does. */
    boolean close(Deadline deadline) throws InterruptedException;
  }

  /**
   * Returns the labels of what the subject's queue declares, and what it declares more where its
   * options ask for it. An engine refuses options that it cannot keep.
   */
  @Override
  protected final Set<String> guarantees() {
    try {
      Set<Promise> promises = EnumSet.noneOf(Promise.class);
      promises.addAll(queue().guarantees().promises());
      try {
        promises.addAll(queue(parking(0)).guarantees().promises());
      } catch (IllegalArgumentException cannotPark) {
        promises.remove(Promise.KEY_PARKING);
      }
      return promises.stream().map(Promise::label).collect(Collectors.toSet());
    } catch (Exception e) {
      throw new IllegalStateException("open: failed", e);
    }
  }

  // Queues.

  /** Returns the test's main queue, with room for 1000 messages. */
  final MessageQueue queue() throws Exception {
    if (main.isEmpty()) {
      main = Optional.of(queue(options()));
    }
    return main.get();
  }

  /** Makes the next test of the same instance find an empty main queue. */
  final void forgetMainQueue() {
    main = Optional.empty();
  }

  final QueueOptions options() {
    return QueueOptions.capacity(1000).withVisibility(visibility());
  }

  /** Returns options that park what stands behind a dead letter of its key. */
  final QueueOptions parking(int parkedMax) {
    return options().withDeadKey(DeadKey.park(parkedMax));
  }

  final MessageQueue queue(QueueOptions options) throws Exception {
    return queue(options, Observer.none());
  }

  final MessageQueue queue(QueueOptions options, Observer observer) throws Exception {
    return handle(freshName(), options, observer);
  }

  final String freshName() {
    return "queue-" + IDS.text();
  }

  final MessageQueue handle(String name, QueueOptions options, Observer observer) throws Exception {
    return closedAfterwards(open(name, options, observer));
  }

  final MessageQueue closedAfterwards(MessageQueue queue) {
    opened.add(queue);
    return queue;
  }

  /** Returns what a process gets that starts after the one with this handle has died. */
  final MessageQueue reopened(MessageQueue queue) throws Exception {
    return handle(queue.name(), queue.options(), Observer.none());
  }

  final boolean has(Promise promise) throws Exception {
    return queue().guarantees().has(promise);
  }

  // Messages.

  final Message message(String text) {
    return Message.of(MessageId.next(IDS), Bytes.utf8(text));
  }

  final Message send(MessageQueue queue, String text) throws InterruptedException {
    return send(queue, message(text));
  }

  final Message send(MessageQueue queue, Message message) throws InterruptedException {
    assertThat(queue.trySend(message, Duration.ZERO, soon())).isEqualTo(new SendResult.Accepted());
    return message;
  }

  final Message sendKeyed(MessageQueue queue, String key, String text) throws InterruptedException {
    return send(queue, message(text).withKey(key));
  }

  /** Looks once, without waiting: the deadline is over already. */
  final Optional<Delivery> poll(MessageQueue queue) throws InterruptedException {
    return queue.receive(1, atOnce()).stream().findFirst();
  }

  final Delivery next(MessageQueue queue) throws Exception {
    Deadline patience = Deadline.after(patience(), TimeSource.system());
    while (true) {
      boolean last = patience.hasExpired();
      Optional<Delivery> delivery = poll(queue);
      if (delivery.isPresent()) {
        return delivery.get();
      }
      if (last) {
        throw new AssertionError("a delivery: not within " + patience());
      }
      pass(step());
    }
  }

  final void staysEmpty(MessageQueue queue, Duration span) throws InterruptedException {
    long start = time().nanos();
    while (elapsedSince(start).compareTo(span) < 0) {
      assertThat(poll(queue)).as("a delivery").isEmpty();
      pass(step());
    }
    assertThat(poll(queue)).as("a delivery").isEmpty();
  }

  /** Takes that many messages, settles them as done, and sees to it that there are no more. */
  final List<Message> take(MessageQueue queue, int count) throws Exception {
    List<Message> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Delivery delivery = next(queue);
      assertThat(delivery.settle(Outcome.done(), soon())).isEqualTo(Settlement.APPLIED);
      taken.add(delivery.message());
    }
    staysEmpty(queue, step().multipliedBy(5));
    return taken;
  }

  final List<DeadLetters.Entry> dead(MessageQueue queue) throws InterruptedException {
    return queue.deadLetters().list(100, soon());
  }

  final DeadLetters.Entry onlyDead(MessageQueue queue) throws InterruptedException {
    List<DeadLetters.Entry> all = dead(queue);
    assertThat(all).as("dead letters").hasSize(1);
    return all.get(0);
  }

  final void done(Delivery delivery) throws InterruptedException {
    delivery.settle(Outcome.done(), soon());
  }

  static Outcome retry(Duration delay) {
    return new Outcome.Retry(delay, "not yet");
  }

  static String text(Delivery delivery) {
    return delivery.message().payload().toUtf8();
  }

  // Time.

  /** Returns how far time moves between two looks. */
  final Duration step() {
    return visibility().dividedBy(50);
  }

  final Deadline soon() {
    return Deadline.after(Duration.ofMinutes(1), time());
  }

  final Deadline atOnce() {
    return Deadline.after(Duration.ZERO, time());
  }

  final Deadline in(Duration span) {
    return Deadline.after(span, time());
  }

  final Duration elapsedSince(long nanos) {
    return Duration.ofNanos(time().nanos() - nanos);
  }

  /** A backend's wall clock is not the clock that measures here, so it may differ by a little. */
  final Duration atLeast(Duration span) throws Exception {
    return queue().guarantees().clock() == ExpiryClock.ELAPSED
        ? span
        : span.minus(Duration.ofMillis(20));
  }

  /** Waits for what threads do without the subject's time; a clock moved by hand stands still. */
  final void promptly(String what, Eventually.Check condition) throws Exception {
    Eventually.holds(what, patience(), condition);
  }

  /** Waits for a message that is due already. */
  final Delivery nextPromptly(MessageQueue queue) throws Exception {
    return Eventually.value("a delivery", patience(), () -> poll(queue));
  }

  /** Blocks a handler until the test lets it go, or has long failed. */
  static void awaitLatch(CountDownLatch latch) throws InterruptedException {
    if (!latch.await(HANDLER_SECONDS_MAX, TimeUnit.SECONDS)) {
      throw new AssertionError("handler: not let go within " + HANDLER_SECONDS_MAX + " s");
    }
  }

  /** Stays in a handler for a moment, so that others have the chance to get in its way. */
  static void linger() throws InterruptedException {
    TimeSource.system().sleep(Duration.ofMillis(1));
  }

  /** Waits for what threads do, and lets the subject's time pass meanwhile. */
  final void eventually(String what, Eventually.Check condition) throws Exception {
    Deadline patience = Deadline.after(patience(), TimeSource.system());
    boolean holds = condition.holds();
    while (!holds) {
      boolean last = patience.hasExpired();
      TimeSource.system().sleep(Duration.ofMillis(2));
      pass(step());
      holds = condition.holds();
      if (!holds && last) {
        throw new AssertionError(what + ": not within " + patience());
      }
    }
  }

  /** Waits for a background task, and returns its result. */
  final <T> T resultOf(String what, Background<T> task) throws Exception {
    eventually(what, task::isDone);
    return task.result();
  }

  // Consumers.

  final ConsumerOptions consumerOptions() {
    return consumerOptions(Observer.none());
  }

  final ConsumerOptions consumerOptions(Observer observer) {
    CallContext.Receiver receiver =
        new CallContext.Receiver(
            CallContext.Trust.PEER,
            Criticality.CRITICAL_PLUS,
            Duration.ofMinutes(1),
            IDS,
            time(),
            observer);
    return ConsumerOptions.of(
            "consumer-" + CONSUMERS.incrementAndGet(), receiver, Seeds.random(Seeds.next()))
        .withRetry(step(), visibility());
  }

  final Running consume(MessageQueue queue, Handler handler, ConsumerOptions options) {
    Running consumer = start(queue, handler, options);
    running.add(consumer);
    return consumer;
  }

  final Running consume(MessageQueue queue, Handler handler) {
    return consume(queue, handler, consumerOptions());
  }

  /** Returns a handler that notes what it was given and is done with it. */
  static Handler noting(Journal journal) {
    return (message, context) -> {
      journal.add(message, context.attempt());
      return Outcome.done();
    };
  }

  /** Closes a consumer as a program does that has time. */
  final boolean stop(Running consumer, Deadline deadline) throws Exception {
    Background<Boolean> closing = Background.start("close", () -> consumer.close(deadline));
    return resultOf("the end of closing", closing);
  }

  /** Stops what the test has started; a twin that never ends is left behind in its thread. */
  @AfterEach
  final void letGo() throws Exception {
    Background<Boolean> ending = Background.start("let go", this::closeAll);
    Deadline deadline = Deadline.after(Duration.ofSeconds(5), TimeSource.system());
    while (!ending.isDone() && !deadline.hasExpired()) {
      TimeSource.system().sleep(Duration.ofMillis(1));
      pass(step());
    }
  }

  private boolean closeAll() throws InterruptedException {
    for (Running consumer : running) {
      consumer.close(atOnce());
    }
    opened.forEach(MessageQueue::close);
    return true;
  }
}
