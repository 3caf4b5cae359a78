package dev.ashlar.messaging.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.log.LogGuarantees.Promise;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Bounds are checked, promises can be demanded, and the example of the doc comment runs. */
class LogOptionsTest {

  private static void refused(String message, Runnable body) {
    assertThatThrownBy(body::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void whatIsOutOfBoundsIsRefused() {
    LogOptions options = LogOptions.partitions(1);
    refused("partitions: 0 (expected: 1 to 1024)", () -> LogOptions.partitions(0));
    refused("retention: PT0S", () -> options.withRetention(Duration.ZERO, 1 << 20));
    refused(
        "retentionBytes: 10 (expected: at least ",
        () -> options.withRetention(Duration.ofDays(1), 10));
    refused("payloadMaxBytes: 0", () -> options.withPayloadMaxBytes(0));
    refused("transactionMax: PT48H", () -> options.withTransactionMax(Duration.ofDays(2)));
  }

  @Test
  void whatIsNotPromisedIsFoundOutAtTheStart() {
    LogGuarantees none =
        new LogGuarantees(
            java.util.Set.of(),
            dev.ashlar.messaging.Guarantees.Survival.PROCESS_LIFETIME,
            Duration.ofDays(1));

    assertThatThrownBy(() -> none.require(Promise.TRANSACTIONS, Promise.SNAPSHOT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("guarantees: without snapshot, transactions (expected: with)");
  }

  @Test
  void theExampleOfTheLogInMemoryRuns() throws InterruptedException {
    Deadline deadline = Deadline.after(Duration.ofSeconds(2), TimeSource.system());
    Message message = Message.of(new MessageId("m-1"), Bytes.utf8("12.50"));

    // [doc:MemoryEventLog]
    EventLog log =
        MemoryEventLog.of("prices", LogOptions.partitions(4), TimeSource.system(), Observer.none());
    Position position = log.append(message.withKey("stone"), deadline);
    // [/doc]

    try (LogReader reader = log.reader(position.partition(), StartAt.beginning(), deadline)) {
      assertThat(reader.read(1, deadline))
          .isInstanceOfSatisfying(
              ReadResult.Records.class,
              read -> assertThat(read.records().get(0).position()).isEqualTo(position));
    }
    log.guarantees().require(Promise.values());
  }
}
