package dev.ashlar.core.review.samples;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.LogReader;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.Position;
import dev.ashlar.messaging.log.StartAt;

/** Arithmetic with positions. */
final class MsgR9 {

  private MsgR9() {}

  @Finds(2)
  record Wrong(EventLog log) {

    LogReader from(LogRecord last, Deadline deadline) throws InterruptedException {
      String partition = last.position().partition();
      // [readme:computed]
      long next = Long.parseLong(last.position().token()) + 1; // There may be no such record.
      return log.reader(partition, new StartAt.After(Position.of(partition, next - 1)), deadline);
      // [/readme]
    }
  }

  @Finds(0)
  record Right(EventLog log) {

    String stored(LogRecord last) {
      return last.position().toString();
    }

    LogReader from(String stored, Deadline deadline) throws InterruptedException {
      // [readme:opaque]
      Position last = Position.parse(stored).orElseThrow(); // What toString() had printed.
      return log.reader(last.partition(), new StartAt.After(last), deadline);
      // [/readme]
    }
  }
}
