package dev.ashlar.messaging.jdbc;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Headers;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.Outcome;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.Optional;

/**
 * A message as five columns.
 *
 * <p>Reading is defensive: other programs, older versions and operators write to tables too. A row
 * that breaks a rule still gives a message to set aside, with its raw payload, and the fault.
 *
 * @param message what could be read
 * @param fault what could not
 */
record StoredMessage(Message message, Optional<String> fault) {

  /*
   * message_id    text
   * ordering_key  text, or null
   * headers       text: a line with the version, then one line for each header
   *
   *                 1
   *                 correlation-id:01J9ZQ...
   *                 ashlar-context:v=1;req=...
   *
   *               A name has no colon and a value no line end, so nothing needs escaping.
   * payload       bytes
   * ttl_nanos     number, or null
   */

  static final String COLUMNS = "message_id, ordering_key, headers, payload, ttl_nanos";

  private static final String VERSION_LINE = "1\n";

  /** Sets five parameters, from {@code index} on, and returns the index behind them. */
  static int bind(PreparedStatement statement, int index, Message message) throws SQLException {
    statement.setString(index, message.id().value());
    statement.setString(index + 1, message.key().orElse(null));
    statement.setString(index + 2, print(message.headers()));
    statement.setBytes(index + 3, message.payload().toArray());
    if (message.timeToLive().isPresent()) {
      statement.setLong(index + 4, message.timeToLive().get().toNanos());
    } else {
      statement.setNull(index + 4, Types.BIGINT);
    }
    return index + 5;
  }

  /**
   * Reads the columns.
   *
   * @param number names the row where its message id does not
   */
  static StoredMessage read(ResultSet row, long number) throws SQLException {
    String id = row.getString("message_id");
    String key = row.getString("ordering_key");
    String headers = row.getString("headers");
    byte[] payload = row.getBytes("payload");
    long ttlNanos = row.getLong("ttl_nanos");
    Optional<Duration> timeToLive =
        row.wasNull() ? Optional.empty() : Optional.of(Duration.ofNanos(ttlNanos));
    Bytes body = payload == null ? Bytes.empty() : Bytes.owning(payload);
    try {
      Message message =
          new Message(
              new MessageId(id), Optional.ofNullable(key), parse(headers), body, timeToLive);
      return new StoredMessage(message, Optional.empty());
    } catch (IllegalArgumentException e) {
      // The exception names the bound that was broken, never the value.
      return new StoredMessage(
          Message.of(idOr(id, number), body), Optional.of("unreadable: " + e.getMessage()));
    }
  }

  private static MessageId idOr(String id, long number) {
    try {
      return new MessageId(id);
    } catch (IllegalArgumentException e) {
      return new MessageId("unreadable-" + number);
    }
  }

  static String print(Headers headers) {
    StringBuilder text = new StringBuilder(VERSION_LINE);
    headers.forEach((name, value) -> text.append(name).append(':').append(value).append('\n'));
    return text.toString();
  }

  static Headers parse(String text) {
    if (!text.startsWith(VERSION_LINE) || !text.endsWith("\n")) {
      throw new IllegalArgumentException("headers: unknown form (expected: version 1)");
    }
    Headers headers = Headers.empty();
    int start = VERSION_LINE.length();
    while (start < text.length()) {
      int end = text.indexOf('\n', start);
      int colon = text.indexOf(':', start);
      if (colon < 0 || colon > end) {
        throw new IllegalArgumentException("headers: line without colon (expected: name:value)");
      }
      headers = headers.plus(text.substring(start, colon), text.substring(colon + 1, end));
      start = end + 1;
    }
    return headers;
  }

  /** Returns a cause as a database can store it: bounded, and without what some refuse as text. */
  static String storable(String cause) {
    StringBuilder text = new StringBuilder();
    cause
        .codePoints()
        .limit(Outcome.TEXT_MAX)
        .map(c -> c == 0 || (c >= 0xD800 && c <= 0xDFFF) ? '?' : c)
        .forEach(text::appendCodePoint);
    return text.toString();
  }
}
