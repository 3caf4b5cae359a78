package dev.ashlar.core.review.samples;

import dev.ashlar.core.Bytes;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** What the samples are about. */
record Order(String id, String account) {

  MessageId messageId() {
    return new MessageId(id);
  }

  Bytes payload() {
    return Bytes.utf8(id);
  }

  Message message() {
    return Message.of(messageId(), payload());
  }

  void insert(Connection tx) throws SQLException {
    try (PreparedStatement statement = tx.prepareStatement("INSERT INTO orders VALUES (?)")) {
      statement.setString(1, id);
      statement.executeUpdate();
    }
  }
}
