package dev.ashlar.messaging.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * A row in the hands of this process.
 *
 * @param attempts claims ever, this one included
 * @param tried claims that count against the budget, this one included
 * @param stored the message, as far as it can be read
 * @param expired its time was over when it was claimed, so it must not be delivered
 * @param spent its budget was spent when it was claimed: its owners disappear, one after the other
 * @param lapsed its last owner neither settled nor renewed it
 * @param timeToLive what was left of it then
 */
record Claimed(
    long seq,
    long epoch,
    int attempts,
    int tried,
    StoredMessage stored,
    boolean expired,
    boolean spent,
    boolean lapsed,
    Optional<Duration> timeToLive) {

  static Claimed read(ResultSet row) throws SQLException {
    long seq = row.getLong("seq");
    StoredMessage stored = StoredMessage.read(row, seq);
    OffsetDateTime sent = row.getObject("sent_at", OffsetDateTime.class);
    OffsetDateTime now = row.getObject("now_at", OffsetDateTime.class);
    int attempts = row.getInt("attempts");
    return new Claimed(
        seq,
        row.getLong("epoch"),
        attempts,
        attempts - row.getInt("attempts_base"),
        stored,
        row.getBoolean("expired"),
        row.getBoolean("spent"),
        row.getBoolean("lapsed"),
        stored.message().timeToLive().map(ttl -> left(ttl, Duration.between(sent, now))));
  }

  /** A clock set back makes a message younger than new, which it is not. */
  private static Duration left(Duration ttl, Duration age) {
    Duration left = age.isNegative() ? ttl : ttl.minus(age);
    return left.isNegative() ? Duration.ZERO : left;
  }

  boolean isDeliverable() {
    return !isDoomed() && stored.fault().isEmpty();
  }

  boolean isDoomed() {
    return expired || spent;
  }

  /** Returns the row as the update that claimed it has left it. */
  Claimed taken() {
    int more = isDoomed() ? 0 : 1;
    return new Claimed(
        seq, epoch + 1, attempts + more, tried + more, stored, expired, spent, lapsed, timeToLive);
  }
}
