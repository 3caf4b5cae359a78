package dev.ashlar.messaging.jdbc;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Codec;
import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.inbox.Inbox;
import dev.ashlar.messaging.inbox.InboxOptions;
import dev.ashlar.messaging.inbox.Once;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * An inbox as it is written by those who have not read why it must be otherwise: the mistakes that
 * one meets in the field, each by itself. On H2 only.
 */
final class NaiveInbox implements Inbox<Connection> {

  private final TestDatabase database;
  private final String consumer;
  private final Mistake mistake;

  NaiveInbox(TestDatabase database, InboxOptions options, Mistake mistake) throws SQLException {
    this.database = database;
    this.consumer = mistake == Mistake.KEYED_WITHOUT_CONSUMER ? "everybody" : options.consumer();
    this.mistake = mistake;
    database.change(
        "CREATE TABLE IF NOT EXISTS naive_inbox (mistake VARCHAR(64), consumer VARCHAR(64),"
            + " message_id VARCHAR(64), body VARBINARY(1000), answer VARBINARY(1000))");
  }

  /** What is wrong. */
  enum Mistake {
    /** A duplicate is recognised, and gets an empty answer. */
    FORGETS_THE_ANSWER,
    /** Looks for the id, works, writes the id: two at a time both find nothing. */
    CHECKS_THEN_INSERTS,
    /** The id stays when the work fails and the caller goes on. */
    NO_SAVEPOINT,
    /** The id is committed by itself before the work. */
    MARKS_BEFORE_WORK,
    /** The id is to be written once the effect is committed, and the process dies before that. */
    MARKS_AFTER_COMMIT,
    /** One table of ids for all consumers. */
    KEYED_WITHOUT_CONSUMER,
    /** Keeps every id for ever. */
    FORGETS_NOTHING,
    /** A duplicate rolls back, to be on the safe side. */
    ROLLS_BACK_ON_DUPLICATE,
    /** A message is its id, whatever is in it. */
    COMPARES_IDS_ONLY,
    /** Cleans up by number of rows, not by age. */
    FORGETS_IDS_IN_FLIGHT
  }

  @Override
  public <R, X extends Exception> Once<R> once(
      Connection tx, MessageId id, Bytes body, Codec<R> codec, Work<R, X> work) throws X {
    try {
      Optional<Once<R>> known = find(tx, id, body, codec);
      if (known.isPresent()) {
        if (mistake == Mistake.ROLLS_BACK_ON_DUPLICATE) {
          tx.rollback();
        }
        return known.get();
      }
      return run(tx, id, body, codec, work);
    } catch (SQLException e) {
      throw SqlFailure.beforeCommit("naive inbox", e);
    }
  }

  private <R, X extends Exception> Once<R> run(
      Connection tx, MessageId id, Bytes body, Codec<R> codec, Work<R, X> work)
      throws X, SQLException {
    if (mistake == Mistake.MARKS_BEFORE_WORK) {
      try (Connection other = database.source().getConnection()) {
        insert(other, id, body, Bytes.empty());
      }
      return new Once.Ran<>(work.run());
    }
    if (mistake == Mistake.NO_SAVEPOINT) {
      insert(tx, id, body, Bytes.empty());
      return new Once.Ran<>(work.run());
    }
    R result = work.run();
    if (mistake != Mistake.MARKS_AFTER_COMMIT) {
      boolean empty = mistake == Mistake.FORGETS_THE_ANSWER;
      insert(tx, id, body, empty ? Bytes.empty() : codec.encode(result));
    }
    return new Once.Ran<>(result);
  }

  private <R> Optional<Once<R>> find(Connection tx, MessageId id, Bytes body, Codec<R> codec)
      throws SQLException {
    String sql =
        "SELECT body, answer FROM naive_inbox WHERE mistake = ? AND consumer = ? AND message_id = ?";
    try (PreparedStatement statement = tx.prepareStatement(sql)) {
      statement.setString(1, mistake.name());
      statement.setString(2, consumer);
      statement.setString(3, id.value());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        boolean same = Bytes.owning(row.getBytes(1)).equals(body);
        if (!same && mistake != Mistake.COMPARES_IDS_ONLY) {
          return Optional.of(new Once.Conflict<>());
        }
        return Optional.of(new Once.Duplicate<>(codec.decode(Bytes.owning(row.getBytes(2)))));
      }
    }
  }

  private void insert(Connection tx, MessageId id, Bytes body, Bytes answer) throws SQLException {
    try (PreparedStatement statement =
        tx.prepareStatement("INSERT INTO naive_inbox VALUES (?, ?, ?, ?, ?)")) {
      statement.setString(1, mistake.name());
      statement.setString(2, consumer);
      statement.setString(3, id.value());
      statement.setBytes(4, body.toArray());
      statement.setBytes(5, answer.toArray());
      statement.executeUpdate();
    }
  }

  @Override
  public int cleanUp(int most, Deadline deadline) {
    if (mistake == Mistake.FORGETS_NOTHING) {
      return 0;
    }
    try {
      return database.change(
          "DELETE FROM naive_inbox WHERE mistake = ? AND consumer = ? FETCH FIRST ? ROWS ONLY",
          mistake.name(),
          consumer,
          most);
    } catch (SQLException e) {
      throw SqlFailure.beforeCommit("naive inbox", e);
    }
  }
}
