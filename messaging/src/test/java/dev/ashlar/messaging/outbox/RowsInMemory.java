package dev.ashlar.messaging.outbox;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An outbox's rows without a database: who may send is said by the test, and time stands still. */
final class RowsInMemory implements OutboxStore {

  final List<OutboxRow> rows = new ArrayList<>();
  final List<Long> sent = new ArrayList<>();
  final List<String> failures = new ArrayList<>();
  boolean hasTurn = true;
  boolean turnIsLostBeforeMarking;
  int givenBack;

  void add(String destination, String key, int attempts) {
    long number = rows.size() + 1L;
    Message message = Message.of(new MessageId("m-" + number), Bytes.utf8("x"));
    rows.add(
        new OutboxRow(
            number, destination, key.isEmpty() ? message : message.withKey(key), attempts));
  }

  @Override
  public Optional<Turn> takeTurn(String relay, Duration term, Deadline deadline) {
    return hasTurn ? Optional.of(new Turn(relay, 1)) : Optional.empty();
  }

  @Override
  public void giveBack(Turn turn, Deadline deadline) {
    givenBack++;
  }

  @Override
  public List<OutboxRow> due(Turn turn, int most, Deadline deadline) {
    return rows.stream().filter(row -> !sent.contains(row.number())).limit(most).toList();
  }

  @Override
  public boolean sent(Turn turn, List<Long> numbers, Deadline deadline) {
    if (!turnIsLostBeforeMarking) {
      sent.addAll(numbers);
    }
    return !turnIsLostBeforeMarking;
  }

  @Override
  public boolean failed(
      Turn turn, long number, String cause, Optional<Duration> retryAfter, Deadline deadline) {
    failures.add(number + " " + retryAfter.map(Duration::toString).orElse("parked"));
    return true;
  }

  @Override
  public int cleanUp(int most, Deadline deadline) {
    return 0;
  }
}
