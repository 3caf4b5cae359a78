package dev.ashlar.messaging.jdbc;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.DeadKey;
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Guarantees;
import dev.ashlar.messaging.Guarantees.ExpiryClock;
import dev.ashlar.messaging.Guarantees.Promise;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.Settlement;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * A queue in a table of a SQL database.
 *
 * <p>It is for those who have a database and no broker: as durable as the database, and as fast as
 * a few statements for each message. Sending is a transaction of its own; to send with other
 * changes, or not at all, put an outbox before it.
 *
 * <p><b>Guarantees.</b> Besides the contract of every queue: messages arrive in the order sent
 * (QUEUE-16); of one key in that order too with many consumers, one in flight at a time (QUEUE-17),
 * also while one waits for its retry (QUEUE-18), and behind a dead letter if the options ask for it
 * (QUEUE-19); what is not settled in time comes back (QUEUE-3, QUEUE-5); a delayed message is not
 * early (QUEUE-23). A message whose consumers die with it, as often as it has attempts, is
 * dead-lettered instead of delivered. All times are the database's.
 *
 * <p><b>Not guaranteed.</b> Order among producers that send at the same time. A bound that is exact
 * among many senders: each handle counts for up to 1,000 messages or an eighth of the free room
 * ahead, whichever is less, for a second, and each sender that counts at the same moment may go
 * over the capacity by that much; near the bound every message is counted. The same of the bound on
 * what is parked, which is looked up before each sending with a key. Order and single ownership
 * across a database's clock that is set back or forth. On an embedded H2 without {@code
 * WRITE_DELAY=0}, or in memory, survival of the process: {@link Guarantees#confirmed()} says so. On
 * an H2 server, progress while a client is paused in the middle of a claim.
 *
 * <p><b>Failures.</b> As {@link MessageQueue} says. A database that does not answer in time is told
 * to stop; one that is unreachable is given up two seconds after the deadline, with an unknown
 * effect.
 *
 * <p><b>Threads.</b> Safe. A handle holds no connection between calls, and no lock while it waits.
 *
 * <p><b>Limits.</b> Those of {@link QueueOptions}, and on H2 payloads of {@value
 * JdbcSchema#H2_BYTES_MAX} bytes. A receiver that waits looks every 100 ms, unless told otherwise,
 * and at once when something was sent through the same handle. Messages that are delayed, parked or
 * wait behind others of their key, and stand before those that are due, cost each look one to two
 * microseconds each.
 *
 * <pre>{@code
 * JdbcSchema.create(source);
 * MessageQueue queue =
 *     JdbcQueue.of(source, "orders", QueueOptions.capacity(10_000), time, Observer.none());
 * }</pre>
 *
 * @see dev.ashlar.messaging.outbox.Outbox for sending within a transaction
 */
public final class JdbcQueue implements MessageQueue {

  /*
   * This class waits: for room, for messages, for the end. QueueExchange asks the database, one
   * exchange at a time and never while something waits. QueueTable and DeadTable have the rows and
   * the SQL; what a paused process may have locked is said there.
   */

  private static final Duration POLL = Duration.ofMillis(100);

  /** Whoever asks with a deadline that is over wants one look; even that must have an end. */
  private static final Duration LOOK_MAX = Duration.ofSeconds(1);

  private final QueueExchange exchange;
  private final TimeSource time;
  private final Observer observer;
  private final Duration poll;
  private final Room room;
  private final Wakeups wakeups;

  private JdbcQueue(QueueExchange exchange, TimeSource time, Observer observer, Duration poll) {
    this.exchange = exchange;
    this.time = time;
    this.observer = observer;
    this.poll = poll;
    room = new Room(time);
    wakeups = new Wakeups(time);
  }

  /**
   * Opens a queue whose tables are there. Queues of one name in one database are one queue; its
   * handles should have the same options.
   *
   * @param source connections, most often from a pool; asked once what database it is
   * @throws dev.ashlar.core.BackendException if the database does not answer
   */
  public static JdbcQueue of(
      DataSource source, String name, QueueOptions options, TimeSource time, Observer observer) {
    if (!IdSource.isWellFormed(name)) {
      throw new IllegalArgumentException(
          "name: " + name.length() + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
    requireNonNull(time, "time");
    requireNonNull(observer, "observer");
    Database database = Database.of(requireNonNull(source, "source"));
    if (database.dialect() == Dialect.H2 && options.payloadMaxBytes() > JdbcSchema.H2_BYTES_MAX) {
      throw new IllegalArgumentException(
          "payloadMaxBytes: "
              + options.payloadMaxBytes()
              + " (expected: on H2 at most "
              + JdbcSchema.H2_BYTES_MAX
              + ")");
    }
    return new JdbcQueue(
        new QueueExchange(name, options, database, observer), time, observer, POLL);
  }

  /**
   * Returns another handle of this queue that looks at the database as often as told, 1 ms to 1
   * min.
   */
  public JdbcQueue withPollInterval(Duration changed) {
    if (changed.compareTo(Duration.ofMillis(1)) < 0
        || changed.compareTo(Duration.ofMinutes(1)) > 0) {
      throw new IllegalArgumentException("poll: " + changed + " (expected: PT0.001S to PT1M)");
    }
    return new JdbcQueue(exchange, time, observer, changed);
  }

  @Override
  public String name() {
    return exchange.name();
  }

  @Override
  public Guarantees guarantees() {
    EnumSet<Promise> promises = EnumSet.complementOf(EnumSet.of(Promise.CONNECTION_LOSS));
    if (options().deadKey() instanceof DeadKey.Skip) {
      promises.remove(Promise.KEY_PARKING);
    }
    return new Guarantees(
        promises,
        exchange.survival(),
        ExpiryClock.BACKEND_WALL,
        Duration.ZERO,
        options().lifetime());
  }

  @Override
  public QueueOptions options() {
    return exchange.options();
  }

  @Override
  public SendResult trySend(Message message, Duration delay, Deadline deadline)
      throws InterruptedException {
    if (delay.isNegative() || delay.compareTo(Deadline.LONGEST) > 0) {
      throw new IllegalArgumentException(
          "delay: " + delay + " (expected: 0 to " + Deadline.LONGEST + ")");
    }
    return message.handOver(
        name(), observer, sent -> new Sending(this, List.of(sent), delay).run(deadline).get(0));
  }

  @Override
  public List<SendResult> sendAll(List<Message> messages, Deadline deadline)
      throws InterruptedException {
    checkBatch("messages", messages.size());
    List<Message> sent =
        messages.stream()
            .map(message -> message.handOver(name(), observer, JdbcQueue::asItIs))
            .toList();
    return new Sending(this, sent, Duration.ZERO).run(deadline);
  }

  /** The messages of a batch are stored together, after each was handed over. */
  private static Message asItIs(Message message) {
    return message;
  }

  /**
   * Returns by when what can be done now has to be done: a deadline bounds the wait for room or for
   * a message, and even one that is over allows a look.
   */
  Deadline asking(Deadline deadline) {
    Deadline look = Deadline.after(LOOK_MAX, time);
    return deadline.remainingNanos() > look.remainingNanos() ? deadline : look;
  }

  /** Waits until there is room for one message at least; zero once the deadline has come. */
  int roomFor(int most, Deadline deadline, Deadline asking) throws InterruptedException {
    while (true) {
      requireOpen();
      long seen = wakeups.changes();
      int taken = room.take(most);
      if (taken == 0) {
        taken = room.grantAndTake(exchange.free(asking), most);
      }
      if (taken > 0) {
        return taken;
      }
      wakeups.await(seen, deadline.shortenedTo(poll));
      if (deadline.hasExpired()) {
        observer.count("queue.full", 1);
        return 0;
      }
    }
  }

  /** Returns, for those of the keys that are dead, how many more messages they take. */
  Map<String, Long> parkRoom(List<String> keys, Deadline deadline) throws InterruptedException {
    if (keys.isEmpty() || !(options().deadKey() instanceof DeadKey.Park park)) {
      return new HashMap<>();
    }
    requireOpen();
    Map<String, Long> room = exchange.parked(keys, deadline);
    room.replaceAll((key, parked) -> Math.max(0, park.parkedMax() - parked));
    return room;
  }

  void countParkFull() {
    observer.count("queue.park.full", 1);
  }

  /** Stores messages; all or none of them. */
  void store(List<Message> messages, Duration delay, Deadline deadline)
      throws InterruptedException {
    exchange.store(messages, delay, deadline);
    wakeups.wake();
  }

  Duration poll() {
    return poll;
  }

  @Override
  public List<Delivery> receive(int most, Deadline deadline) throws InterruptedException {
    checkBatch("most", most);
    Deadline look = Deadline.after(LOOK_MAX, time);
    while (true) {
      requireOpen();
      long seen = wakeups.changes();
      Deadline asking = deadline.remainingNanos() > look.remainingNanos() ? deadline : look;
      if (asking.hasExpired()) {
        return List.of();
      }
      List<Claimed> claimed = exchange.claim(most, asking);
      List<Claimed> fit = exchange.sift(claimed, asking);
      if (!fit.isEmpty()) {
        return fit.stream().<Delivery>map(row -> new JdbcDelivery(this, row)).toList();
      }
      if (claimed.isEmpty()) {
        if (deadline.hasExpired()) {
          return List.of();
        }
        wakeups.await(seen, deadline.shortenedTo(poll));
      }
    }
  }

  private static void checkBatch(String what, int size) {
    if (size < 1 || size > BATCH_MAX) {
      throw new IllegalArgumentException(
          what + ": " + size + " (expected: 1 to " + BATCH_MAX + ")");
    }
  }

  /** Settles a delivery as its handler decided. */
  Settlement settle(Claimed row, Outcome outcome, Deadline deadline) throws InterruptedException {
    requireOpen();
    return waking(exchange.settle(row, outcome, deadline));
  }

  /** Gives a delivery back unhandled. */
  Settlement release(Claimed row, Deadline deadline) throws InterruptedException {
    requireOpen();
    return waking(exchange.release(row, deadline));
  }

  /** Moves the end of a delivery's visibility. */
  Settlement renew(Claimed row, Deadline deadline) throws InterruptedException {
    requireOpen();
    return exchange.renew(row, deadline);
  }

  /** Others may be due now: the message itself, or the next one of its key. */
  private Settlement waking(Settlement settlement) {
    if (settlement == Settlement.APPLIED) {
      wakeups.wake();
    }
    return settlement;
  }

  @Override
  public DeadLetters deadLetters() {
    return new DeadLetters() {
      @Override
      public List<Entry> list(int most, Deadline deadline) throws InterruptedException {
        checkBatch("most", most);
        requireOpen();
        return exchange.dead(most, deadline);
      }

      @Override
      public Redrive redrive(MessageId id, Deadline deadline) throws InterruptedException {
        requireOpen();
        Redrive redrive = exchange.redrive(id, deadline);
        wakeups.wake();
        return redrive;
      }

      @Override
      public boolean discard(MessageId id, Deadline deadline) throws InterruptedException {
        requireOpen();
        boolean discarded = exchange.discard(id, deadline);
        wakeups.wake();
        return discarded;
      }
    };
  }

  @Override
  public Depth depth(Deadline deadline) throws InterruptedException {
    requireOpen();
    return exchange.depth(deadline);
  }

  /** Holds nothing but waiting calls: the connections are the data source's. */
  @Override
  public void close() {
    wakeups.close();
  }

  private void requireOpen() {
    if (wakeups.isClosed()) {
      throw new IllegalStateException("queue " + name() + ": closed (expected: open)");
    }
  }
}
