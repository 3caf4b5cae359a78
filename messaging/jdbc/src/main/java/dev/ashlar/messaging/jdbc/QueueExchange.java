package dev.ashlar.messaging.jdbc;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.messaging.DeadLetters.Entry;
import dev.ashlar.messaging.DeadLetters.Redrive;
import dev.ashlar.messaging.Guarantees.Survival;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue.Depth;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.Settlement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a queue asks its database: each method is one exchange, on a connection that is given back
 * before it returns.
 *
 * <p><b>Threads.</b> Safe.
 */
final class QueueExchange {

  /*
   * Named steps, for crash tests:
   *
   *   queue.sent                 the message is committed, its sender does not know yet
   *   queue.claimed              deliveries are committed, their consumer does not have them yet
   *   queue.settled              a settlement is committed, its consumer does not know yet
   *   queue.deadletter.written   the dead letter is written, the message not removed, nothing committed
   *   queue.deadletter.removed   both are done, nothing committed
   *   queue.redrive.written      the message is written, the dead letter not removed, nothing committed
   *   queue.redrive.removed      both are done, nothing committed
   *
   * Counted: queue.lapsed, queue.expired, queue.unreadable, queue.dead, queue.full,
   * queue.park.full, queue.stale, queue.collision.
   */

  /** Each collision means that somebody else got on, so a few repetitions mostly see their end. */
  private static final int COLLISIONS_MAX = 20;

  private final String name;
  private final QueueOptions options;
  private final Database database;
  private final Observer observer;
  private final QueueTable table;
  private final DeadTable deadTable;
  private final Turnstile turnstile;

  QueueExchange(String name, QueueOptions options, Database database, Observer observer) {
    this.name = name;
    this.options = options;
    this.database = database;
    this.observer = observer;
    table = new QueueTable(name, options, database.dialect());
    deadTable = new DeadTable(name, table, database.dialect(), observer);
    turnstile = Turnstile.of(database.url(), name);
  }

  String name() {
    return name;
  }

  QueueOptions options() {
    return options;
  }

  Survival survival() {
    return database.survival();
  }

  /** Returns how many more messages fit. */
  long free(Deadline deadline) throws InterruptedException {
    return database.statement(what("count"), deadline, table::free);
  }

  /** Returns, for those of the keys that are dead, how many messages are parked. */
  Map<String, Long> parked(List<String> keys, Deadline deadline) throws InterruptedException {
    return database.statement(
        what("count parked"), deadline, session -> deadTable.parked(session, keys));
  }

  /** Stores messages; all or none of them. */
  void store(List<Message> messages, Duration delay, Deadline deadline)
      throws InterruptedException {
    Database.Work<Boolean> insert =
        session -> {
          table.insert(session, messages, delay);
          return true;
        };
    if (messages.size() == 1) {
      database.statement(what("send"), deadline, insert);
    } else {
      database.transaction(what("send"), deadline, insert);
    }
    observer.step("queue.sent");
  }

  /** Claims what is due, or nothing if others are always faster; then there is time for a pause. */
  List<Claimed> claim(int most, Deadline deadline) throws InterruptedException {
    for (int i = 0; i < COLLISIONS_MAX && !deadline.hasExpired(); i++) {
      try {
        List<Claimed> claimed = claimOnce(most, deadline);
        if (!claimed.isEmpty()) {
          observer.step("queue.claimed");
        }
        return claimed;
      } catch (BackendException e) {
        boolean notAsked = e.getCause() == null;
        if (notAsked && deadline.hasExpired()) {
          return List.of();
        }
        if (!isCollision(e)) {
          throw e;
        }
        observer.count("queue.collision", 1);
      }
    }
    return List.of();
  }

  private List<Claimed> claimOnce(int most, Deadline deadline) throws InterruptedException {
    Database.Work<List<Claimed>> claim = session -> table.claim(session, most);
    if (database.dialect() == Dialect.POSTGRESQL) {
      return database.statement(what("receive"), deadline, claim);
    }
    if (!turnstile.enter(deadline.time(), deadline)) {
      return List.of();
    }
    try {
      return database.transaction(what("receive"), deadline, claim);
    } finally {
      turnstile.leave();
    }
  }

  private static boolean isCollision(BackendException e) {
    return e.getCause() instanceof SQLException cause && SqlFailure.isCollision(cause);
  }

  /** Sets aside what must not be delivered, and returns the rest. */
  List<Claimed> sift(List<Claimed> claimed, Deadline deadline) throws InterruptedException {
    List<Claimed> fit = new ArrayList<>();
    List<Claimed> unfit = new ArrayList<>();
    for (Claimed row : claimed) {
      if (row.lapsed()) {
        observer.count("queue.lapsed", 1);
      }
      (row.isDeliverable() ? fit : unfit).add(row);
    }
    try {
      for (Claimed row : unfit) {
        setAside(row, deadline);
      }
    } catch (BackendException e) {
      // What could not be set aside is claimed again after its visibility. The rest must not wait.
      if (fit.isEmpty()) {
        throw e;
      }
    }
    return fit;
  }

  private void setAside(Claimed row, Deadline deadline) throws InterruptedException {
    Optional<String> fault = row.stored().fault();
    String reason =
        fault.orElseGet(
            () ->
                row.expired()
                    ? "expired"
                    : "not settled within its visibility, in each of " + row.tried() + " attempts");
    if (bury(row, reason, deadline) == Settlement.STALE) {
      return;
    }
    if (fault.isPresent()) {
      observer.count("queue.unreadable", 1);
    } else if (row.expired()) {
      observer.count("queue.expired", 1);
    }
  }

  /** Settles a claim as its handler decided. */
  Settlement settle(Claimed row, Outcome outcome, Deadline deadline) throws InterruptedException {
    if (outcome instanceof Outcome.DeadLetter letter) {
      return bury(row, letter.reason(), deadline);
    }
    if (outcome instanceof Outcome.Retry retry) {
      return row.tried() < options.attemptsMax()
          ? change(deadline, session -> table.retry(session, row, retry.delay(), retry.cause()))
          : bury(row, retry.cause(), deadline);
    }
    return change(deadline, session -> table.delete(session, row));
  }

  Settlement release(Claimed row, Deadline deadline) throws InterruptedException {
    return change(deadline, session -> table.release(session, row));
  }

  private Settlement change(Deadline deadline, Database.Work<Boolean> change)
      throws InterruptedException {
    return settled(database.statement(what("settle"), deadline, change));
  }

  private Settlement bury(Claimed row, String reason, Deadline deadline)
      throws InterruptedException {
    boolean applied =
        database.transaction(
            what("dead-letter"), deadline, session -> deadTable.bury(session, row, reason));
    if (applied) {
      observer.count("queue.dead", 1);
    }
    return settled(applied);
  }

  private Settlement settled(boolean applied) {
    if (applied) {
      observer.step("queue.settled");
    }
    return counted(applied);
  }

  private Settlement counted(boolean applied) {
    if (!applied) {
      observer.count("queue.stale", 1);
    }
    return applied ? Settlement.APPLIED : Settlement.STALE;
  }

  Settlement renew(Claimed row, Deadline deadline) throws InterruptedException {
    return counted(
        database.statement(what("renew"), deadline, session -> table.renew(session, row)));
  }

  Depth depth(Deadline deadline) throws InterruptedException {
    return database.statement(what("depth"), deadline, table::depth);
  }

  List<Entry> dead(int most, Deadline deadline) throws InterruptedException {
    return database.statement(
        what("list dead letters"), deadline, session -> deadTable.list(session, most));
  }

  Redrive redrive(MessageId id, Deadline deadline) throws InterruptedException {
    return database.transaction(
        what("redrive"), deadline, session -> deadTable.redrive(session, id, options.lifetime()));
  }

  boolean discard(MessageId id, Deadline deadline) throws InterruptedException {
    return database.statement(what("discard"), deadline, session -> deadTable.discard(session, id));
  }

  private String what(String operation) {
    return "queue " + name + ": " + operation;
  }
}
