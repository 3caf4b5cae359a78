package dev.ashlar.messaging.jdbc;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.jdbc.OutboxTable.Found;
import dev.ashlar.messaging.outbox.Outbox;
import dev.ashlar.messaging.outbox.OutboxRow;
import dev.ashlar.messaging.outbox.OutboxStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

/**
 * An outbox in a table of the database whose changes announce themselves.
 *
 * <p>Both sides in one: {@link Outbox} for the transactions that write, {@link OutboxStore} for the
 * relay that sends, and what an operator needs for rows that could not be sent.
 *
 * <p><b>Guarantees.</b> As {@link Outbox} and {@link OutboxStore} say. A row that cannot be read,
 * or whose sending was begun longer ago than the republish window, is parked alone; of its key
 * later rows wait behind it, everything else goes on (OUTBOX-9).
 *
 * <p><b>Not guaranteed.</b> An exact bound on the backlog: a count is good for the next 1,000 rows
 * or an eighth of the free room, whichever is less, for a second, and each transaction that counts
 * at the same moment may go over the bound by that much.
 *
 * <p><b>Failures.</b> As {@link Outbox} and {@link OutboxStore} say.
 *
 * <p><b>Threads.</b> Safe; a transaction belongs to one thread.
 *
 * <p><b>Limits.</b> See {@link JdbcOutboxOptions}; payloads of {@value JdbcSchema#H2_BYTES_MAX}
 * bytes.
 *
 * <pre>{@code
 * transactions.run(
 *     tx -> {
 *       insert(tx, order);
 *       outbox.add(tx, "payments", message);
 *     });
 * }</pre>
 *
 * @see dev.ashlar.messaging.outbox.OutboxRelay for the loop that sends
 */
public final class JdbcOutbox implements Outbox<Connection>, OutboxStore {

  /*
   * The rows and the SQL are explained in OutboxTable. Named steps, for crash tests:
   *
   *   outbox.added     the row is written, nothing is committed
   *   outbox.stamped   rows are stamped as handed out and committed, the relay does not have them yet
   *   outbox.noted     rows are noted as sent, the relay does not know yet
   *
   * Counted: outbox.unreadable, outbox.late, outbox.full.
   */

  /**
   * The longest pause of a relay between two looks, so that a full backlog is worth another try.
   */
  private static final Duration RETRY_FULL = Duration.ofSeconds(1);

  private static final Duration ADD_MAX = Duration.ofSeconds(30);

  /** More rows than this that cannot be read, in a row, wait for the next call. */
  private static final int UNFIT_ROUNDS_MAX = 10;

  private final String name;
  private final JdbcOutboxOptions options;
  private final Database database;
  private final TimeSource time;
  private final Observer observer;
  private final OutboxTable table;
  private final OutboxTurns turns;
  private final Room room;

  private JdbcOutbox(
      Database database,
      String name,
      JdbcOutboxOptions options,
      TimeSource time,
      Observer observer) {
    this.database = database;
    this.name = name;
    this.options = options;
    this.time = time;
    this.observer = observer;
    table = new OutboxTable(name, database.dialect());
    turns = new OutboxTurns(name, database.dialect());
    room = new Room(time);
  }

  /**
   * Opens an outbox whose tables are there. Outboxes of one name in one database are one outbox.
   *
   * @param source the database of the transactions; asked once what it is
   * @throws BackendException if the database does not answer
   */
  public static JdbcOutbox of(
      DataSource source,
      String name,
      JdbcOutboxOptions options,
      TimeSource time,
      Observer observer) {
    checkName("name", name);
    requireNonNull(options, "options");
    requireNonNull(time, "time");
    requireNonNull(observer, "observer");
    return new JdbcOutbox(
        Database.of(requireNonNull(source, "source")), name, options, time, observer);
  }

  private static void checkName(String what, String text) {
    if (!IdSource.isWellFormed(text)) {
      throw new IllegalArgumentException(
          what + ": " + text.length() + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
  }

  /** Returns the bounds; the republish window belongs to the horizon of every inbox behind. */
  public JdbcOutboxOptions options() {
    return options;
  }

  @Override
  public void add(Connection tx, String destination, Message message) {
    checkName("destination", destination);
    if (message.payload().size() > JdbcSchema.H2_BYTES_MAX) {
      throw new IllegalArgumentException(
          "payload: " + message.payload() + " (expected: at most " + JdbcSchema.H2_BYTES_MAX + ")");
    }
    Session session = new Session(tx, database.dialect(), Deadline.after(ADD_MAX, time));
    try {
      if (tx.getAutoCommit()) {
        throw new IllegalStateException(
            "tx: commits each statement (expected: a transaction; setAutoCommit(false))");
      }
      makeRoom(session);
      message.handOver(
          destination,
          observer,
          stored -> {
            table.insert(session, destination, stored);
            return stored;
          });
    } catch (SQLException e) {
      throw SqlFailure.beforeCommit(what("add"), e);
    }
    observer.step("outbox.added");
  }

  private void makeRoom(Session session) throws SQLException {
    if (room.take(1) == 1) {
      return;
    }
    long free = options.backlogMax() - table.backlog(session);
    if (room.grantAndTake(free, 1) == 0) {
      observer.count("outbox.full", 1);
      throw new BackendException(
          what("full (expected: below " + options.backlogMax() + " unsent rows)"),
          Effect.NONE,
          new Advice.Overloaded(RETRY_FULL),
          null);
    }
  }

  @Override
  public Optional<Turn> takeTurn(String relay, Duration term, Deadline deadline)
      throws InterruptedException {
    checkName("relay", relay);
    Database.Work<Optional<Long>> take = session -> turns.take(session, relay, term);
    Optional<Long> epoch =
        database.dialect() == Dialect.POSTGRESQL
            ? database.statement(what("take turn"), deadline, take)
            : database.transaction(what("take turn"), deadline, take);
    return epoch.map(taken -> new Turn(relay, taken));
  }

  @Override
  public void giveBack(Turn turn, Deadline deadline) throws InterruptedException {
    database.statement(what("give turn back"), deadline, session -> turns.giveBack(session, turn));
  }

  @Override
  public List<OutboxRow> due(Turn turn, int most, Deadline deadline) throws InterruptedException {
    for (int round = 0; round < UNFIT_ROUNDS_MAX; round++) {
      Batch batch = database.statement(what("due"), deadline, session -> hand(session, turn, most));
      observer.step("outbox.stamped");
      batch.events().forEach(event -> observer.count(event, 1));
      if (!batch.rows().isEmpty() || batch.events().isEmpty()) {
        return batch.rows();
      }
    }
    return List.of();
  }

  /** Parks what must not be sent, and stamps the rest before anybody can send it. */
  private Batch hand(Session session, Turn turn, int most) throws SQLException {
    if (!table.hasTurn(session, turn)) {
      return new Batch(List.of(), List.of());
    }
    List<Found> fit = new ArrayList<>();
    List<String> events = new ArrayList<>();
    Set<String> blocked = new HashSet<>();
    for (Found found : table.due(session, most, options.republishWindow())) {
      if (found.place().filter(blocked::contains).isPresent()) {
        continue;
      }
      if (found.fault().isEmpty() && !found.late()) {
        fit.add(found);
        continue;
      }
      table.park(session, found.number(), found.fault().orElseGet(this::late));
      found.place().ifPresent(blocked::add);
      events.add(found.fault().isPresent() ? "outbox.unreadable" : "outbox.late");
    }
    table.stamp(session, fit);
    return new Batch(fit.stream().map(Found::row).toList(), events);
  }

  private String late() {
    return "perhaps sent, first tried longer ago than " + options.republishWindow();
  }

  @Override
  public boolean sent(Turn turn, List<Long> numbers, Deadline deadline)
      throws InterruptedException {
    boolean keep = !options.retention().isZero();
    int noted =
        database.statement(
            what("note sent"), deadline, session -> table.sent(session, turn, numbers, keep));
    observer.step("outbox.noted");
    return noted > 0 || hasTurn(turn, deadline);
  }

  @Override
  public boolean failed(
      Turn turn, long number, String cause, Optional<Duration> retryAfter, Deadline deadline)
      throws InterruptedException {
    boolean noted =
        database.statement(
            what("note failure"),
            deadline,
            session -> table.failed(session, turn, number, cause, retryAfter));
    return noted || hasTurn(turn, deadline);
  }

  /**
   * A row that is not there any more was discarded, or noted before; that is no loss of the turn.
   */
  private boolean hasTurn(Turn turn, Deadline deadline) throws InterruptedException {
    return database.statement(
        what("check turn"), deadline, session -> table.hasTurn(session, turn));
  }

  @Override
  public int cleanUp(int most, Deadline deadline) throws InterruptedException {
    return database.statement(
        what("clean up"), deadline, session -> table.cleanUp(session, most, options.retention()));
  }

  /** Returns how many rows are not sent, parked ones included. */
  public long backlog(Deadline deadline) throws InterruptedException {
    return database.statement(what("count"), deadline, table::backlog);
  }

  /**
   * Returns the oldest rows that were given up.
   *
   * @param most how many at most
   */
  public List<Parked> parked(int most, Deadline deadline) throws InterruptedException {
    return database.statement(
        what("list parked"), deadline, session -> table.parked(session, most));
  }

  /**
   * Lets a parked row be sent again, as if it had not been tried. Whoever does this for one that
   * was perhaps sent before the republish window knows that its consumers can bear it.
   *
   * @return whether there was such a row
   */
  public boolean retry(long number, Deadline deadline) throws InterruptedException {
    return database.statement(what("retry"), deadline, session -> table.retry(session, number));
  }

  /**
   * Throws a parked row away.
   *
   * @return whether there was such a row
   */
  public boolean discard(long number, Deadline deadline) throws InterruptedException {
    return database.statement(what("discard"), deadline, session -> table.discard(session, number));
  }

  private String what(String operation) {
    return "outbox " + name + ": " + operation;
  }

  private record Batch(List<OutboxRow> rows, List<String> events) {}

  /**
   * A row that was given up.
   *
   * @param number names the row
   * @param destination where it was to go
   * @param messageId the message's id, as it stands in the row
   * @param attempts how often sending it failed
   * @param cause why it was given up
   */
  public record Parked(
      long number, String destination, String messageId, int attempts, String cause) {}
}
