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
import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.consume.ConsumerOptions;
import dev.ashlar.messaging.consume.Handler;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.GroupMember;
import dev.ashlar.messaging.log.LogConsumer;
import dev.ashlar.messaging.log.LogConsumerOptions;
import dev.ashlar.messaging.log.LogGuarantees.Promise;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.LogReader;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.OwnedPartition;
import dev.ashlar.messaging.log.Partition;
import dev.ashlar.messaging.log.Position;
import dev.ashlar.messaging.log.ReadResult;
import dev.ashlar.messaging.log.StartAt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;

/**
 * What an adapter tells the contract of logs about itself, and the words in which its tests are
 * written.
 *
 * <p>Whoever adapts an engine says how to open a log and how time passes, and gives the hooks that
 * its promises need. A hook that is not given throws {@link UnsupportedOperationException}.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 *
 * @see EventLogContract
 */
public abstract class LogFixture extends Contract {

  private static final IdSource IDS = IdSource.of(TimeSource.system(), Seeds.random(Seeds.next()));
  private static final AtomicInteger CONSUMERS = new AtomicInteger();
  private static final int HANDLER_SECONDS_MAX = 60;

  private final List<EventLog> opened = new ArrayList<>();
  private final List<GroupMember> members = new ArrayList<>();
  private final List<LogConsumer> consumers = new ArrayList<>();

  /** For the contract. */
  LogFixture() {}

  // What an adapter says.

  /**
   * Opens a log, and makes it if there is none. Opening a name again is what a restarted process
   * does. A log that lives in one process returns the same object.
   *
   * @param name not used by any other test
   * @param options the bounds, as near as the engine can have them
   */
  protected abstract EventLog open(String name, LogOptions options, Observer observer)
      throws Exception;

  /** Returns the clock by which the tests measure and wait. */
  protected abstract TimeSource time();

  /** Returns the term of members: seconds for a real clock, anything for one moved by hand. */
  protected abstract Duration term();

  /** Lets time pass; a clock that is moved by hand is moved on. */
  protected void pass(Duration duration) throws InterruptedException {
    time().sleep(duration);
  }

  /** Returns how long, in real time, a test waits for what must come before it fails. */
  protected Duration patience() {
    return Duration.ofSeconds(30);
  }

  /** Makes the engine forget what it keeps open for readers, as time or a restart would. */
  protected void expireReaders(EventLog log) throws Exception {}

  /** Begins a transaction; needed where {@code transactions} is promised. */
  protected OpenAppends begin(EventLog log) throws Exception {
    throw new UnsupportedOperationException("begin: not given by the subject");
  }

  /** Splits a partition; needed where {@code resharding} is promised. */
  protected void split(EventLog log, String partition) throws Exception {
    throw new UnsupportedOperationException("split: not given by the subject");
  }

  /** Merges two partitions that can be; needed where {@code resharding} is promised. */
  protected void merge(EventLog log) throws Exception {
    throw new UnsupportedOperationException("merge: not given by the subject");
  }

  /** Starts a consumer; overridden by twins only. */
  protected LogConsumer start(GroupMember member, Handler handler, LogConsumerOptions options) {
    return LogConsumer.start(member, handler, options);
  }

  /** Appends that are not visible yet. */
  public interface OpenAppends {

    /** Appends a message, which takes its place in the order now. */
    void append(Message message) throws Exception;

    /** Makes all of them visible. */
    void commit() throws Exception;

    /** Makes sure that none of them ever becomes visible. */
    void rollback() throws Exception;
  }

  /** Returns the labels of what the subject's log declares. */
  @Override
  protected final Set<String> guarantees() {
    try {
      return log().guarantees().promises().stream().map(Promise::label).collect(Collectors.toSet());
    } catch (Exception e) {
      throw new IllegalStateException("open: failed", e);
    }
  }

  // Logs.

  final EventLog log() throws Exception {
    return log(LogOptions.partitions(1));
  }

  final EventLog log(LogOptions options) throws Exception {
    return log(options, Observer.none());
  }

  final EventLog log(LogOptions options, Observer observer) throws Exception {
    EventLog log = open("log-" + IDS.text(), options, observer);
    opened.add(log);
    return log;
  }

  final Message message(String text) {
    return Message.of(MessageId.next(IDS), Bytes.utf8(text));
  }

  final Position append(EventLog log, String text) throws InterruptedException {
    return log.append(message(text), soon());
  }

  final Position append(EventLog log, String key, String text) throws InterruptedException {
    return log.append(message(text).withKey(key), soon());
  }

  final void appendAll(EventLog log, int count) throws InterruptedException {
    for (int i = 1; i <= count; i++) {
      append(log, "r" + i);
    }
  }

  static String text(LogRecord entry) {
    return entry.message().payload().toUtf8();
  }

  static List<String> texts(List<LogRecord> records) {
    return records.stream().map(LogFixture::text).toList();
  }

  final String only(EventLog log) throws InterruptedException {
    List<Partition> partitions = log.partitions(soon());
    assertThat(partitions).hasSize(1);
    return partitions.get(0).id();
  }

  final LogReader reader(EventLog log, StartAt start) throws InterruptedException {
    return log.reader(only(log), start, soon());
  }

  /** Reads until nothing more comes. */
  final List<LogRecord> drain(LogReader reader) throws InterruptedException {
    List<LogRecord> all = new ArrayList<>();
    int empty = 0;
    while (empty < 3) {
      ReadResult result = reader.read(7, atOnce());
      if (!(result instanceof ReadResult.Records read)) {
        assertThat(result).isInstanceOf(ReadResult.Ended.class);
        return all;
      }
      all.addAll(read.records());
      empty = read.records().isEmpty() ? empty + 1 : 0;
      pass(step());
    }
    return all;
  }

  /** Reads until there is an answer. */
  final ReadResult next(LogReader reader, int most) throws Exception {
    List<ReadResult> results = new ArrayList<>();
    eventually(
        "an answer",
        () -> {
          ReadResult result = reader.read(most, atOnce());
          boolean none = result instanceof ReadResult.Records read && read.records().isEmpty();
          return !none && results.add(result);
        });
    return results.get(0);
  }

  final List<String> replay(EventLog log, StartAt start) throws InterruptedException {
    try (LogReader reader = reader(log, start)) {
      return texts(drain(reader));
    }
  }

  // Groups.

  final GroupMember join(EventLog log, String group) throws InterruptedException {
    GroupMember member = log.join(group, StartAt.beginning(), term());
    members.add(member);
    return member;
  }

  /** Attends until the member owns something, and returns it by partition. */
  final Map<String, OwnedPartition> own(GroupMember member, int count) throws Exception {
    Map<String, OwnedPartition> owned = new TreeMap<>();
    eventually(
        "ownership of " + count,
        () -> {
          owned.clear();
          member.attend(Set.of(), atOnce()).forEach(each -> owned.put(each.partition(), each));
          return owned.size() == count;
        });
    return owned;
  }

  final OwnedPartition ownOne(GroupMember member) throws Exception {
    return own(member, 1).values().iterator().next();
  }

  final List<LogRecord> readNow(OwnedPartition owned, int most) throws Exception {
    List<LogRecord> all = new ArrayList<>();
    eventually(
        "records",
        () -> {
          ReadResult result = owned.read(most - all.size(), atOnce());
          assertThat(result).isInstanceOf(ReadResult.Records.class);
          all.addAll(((ReadResult.Records) result).records());
          return all.size() == most;
        });
    return all;
  }

  /** Stays away for so long that others take over. */
  final void stayAway() throws InterruptedException {
    pass(term().plus(step()));
  }

  // Consumers.

  final LogConsumerOptions consumerOptions() {
    CallContext.Receiver receiver =
        new CallContext.Receiver(
            CallContext.Trust.PEER,
            Criticality.CRITICAL_PLUS,
            Duration.ofMinutes(1),
            IDS,
            time(),
            Observer.none());
    return consumerOptions(receiver);
  }

  final LogConsumerOptions consumerOptions(CallContext.Receiver receiver) {
    ConsumerOptions handling =
        ConsumerOptions.of(
                "log-consumer-" + CONSUMERS.incrementAndGet(), receiver, Seeds.random(Seeds.next()))
            .withRetry(step(), step().multipliedBy(2))
            .withConcurrency(4, 16);
    return LogConsumerOptions.of(handling).withCommitEvery(step());
  }

  final LogConsumer consume(EventLog log, String group, Handler handler, LogConsumerOptions options)
      throws InterruptedException {
    return consume(join(log, group), handler, options);
  }

  final LogConsumer consume(GroupMember member, Handler handler, LogConsumerOptions options) {
    LogConsumer consumer = start(member, handler, options);
    consumers.add(consumer);
    return consumer;
  }

  static void awaitLatch(CountDownLatch latch) throws InterruptedException {
    if (!latch.await(HANDLER_SECONDS_MAX, TimeUnit.SECONDS)) {
      throw new AssertionError("handler: not let go within " + HANDLER_SECONDS_MAX + " s");
    }
  }

  final long lag(EventLog log, String group) throws InterruptedException {
    return log.lag(group, soon()).stream().mapToLong(each -> each.records().orElse(0)).sum();
  }

  // Time.

  final Duration step() {
    return term().dividedBy(50);
  }

  final Deadline soon() {
    return Deadline.after(Duration.ofMinutes(1), time());
  }

  final Deadline atOnce() {
    return Deadline.after(Duration.ZERO, time());
  }

  /** Waits for what threads do, and lets the subject's time pass meanwhile. */
  final void eventually(String what, Eventually.Check condition) throws Exception {
    Deadline patience = Deadline.after(patience(), TimeSource.system());
    while (!condition.holds()) {
      if (patience.hasExpired()) {
        throw new AssertionError(what + ": not within " + patience());
      }
      TimeSource.system().sleep(Duration.ofMillis(2));
      pass(step());
    }
  }

  /** Lets threads work for a while in which nothing must happen. */
  final void quietly(Duration span, Eventually.Assertion assertion) throws Exception {
    long start = time().nanos();
    while (time().nanos() - start < span.toNanos()) {
      TimeSource.system().sleep(Duration.ofMillis(1));
      pass(step());
      assertion.run();
    }
  }

  final boolean stop(LogConsumer consumer, Duration within) throws Exception {
    Deadline deadline = Deadline.after(within, time());
    Background<Boolean> closing = Background.start("close", () -> consumer.close(deadline));
    eventually("the end of closing", closing::isDone);
    return closing.result();
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
    for (LogConsumer consumer : consumers) {
      consumer.close(atOnce());
    }
    members.forEach(GroupMember::close);
    opened.forEach(EventLog::close);
    return true;
  }
}
