package dev.ashlar.messaging.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Keys go in parallel, each in order, and a waiting one holds up no other. */
class LanesTest {

  private final Lanes lanes = new Lanes();
  private final Held held = new Held(new NoPartition());
  private long numbers;

  private Work add(Held from, String key) {
    Message message = Message.of(new MessageId("m"), Bytes.empty());
    Message keyed = key.isEmpty() ? message : message.withKey(key);
    LogRecord entry = new LogRecord(Position.of("0", ++numbers), keyed, Instant.EPOCH);
    Work work = new Work(from, entry);
    lanes.add(work);
    return work;
  }

  @Test
  void theSecondOfAKeyWaitsForTheEndOfTheFirst() {
    Work first = add(held, "a");
    Work second = add(held, "a");
    Work other = add(held, "b");

    assertThat(lanes.take(0)).contains(first);
    assertThat(lanes.take(0)).contains(other);
    assertThat(lanes.take(0)).isEmpty();
    lanes.ended(first);
    assertThat(lanes.take(0)).contains(second);
    assertThat(lanes.size()).isEqualTo(2);
  }

  @Test
  void withoutAKeyNothingWaits() {
    Work first = add(held, "");
    Work second = add(held, "");

    assertThat(lanes.take(0)).contains(first);
    assertThat(lanes.take(0)).contains(second);
  }

  @Test
  void whatWaitsForItsRetryHoldsUpItsKeyAlone() {
    Work first = add(held, "a");
    add(held, "a");
    Work other = add(held, "b");
    lanes.take(0);
    first.dueNanos = 10;
    lanes.again(first);

    assertThat(lanes.take(9)).contains(other);
    assertThat(lanes.take(9)).isEmpty();
    assertThat(lanes.nextDueNanos()).hasValue(10);
    assertThat(lanes.take(10)).contains(first);
  }

  @Test
  void droppingAPartitionKeepsWhatRunsAndWhatIsOfOthers() {
    Held another = new Held(new NoPartition());
    Work running = add(held, "a");
    add(held, "a");
    add(held, "b");
    Work kept = add(another, "a");
    lanes.take(0);
    lanes.drop(held);

    assertThat(lanes.size()).isEqualTo(2);
    assertThat(lanes.isRunning(held)).isTrue();
    assertThat(lanes.take(0)).contains(kept);
    lanes.ended(running);
    assertThat(lanes.isRunning(held)).isFalse();
    assertThat(lanes.take(0)).isEmpty();
    assertThat(lanes.size()).isEqualTo(1);
  }

  /** A partition of which nothing is asked here. */
  private static final class NoPartition implements OwnedPartition {
    @Override
    public String partition() {
      return "0";
    }

    @Override
    public long epoch() {
      return 1;
    }

    @Override
    public Standing standing() {
      return Standing.OWNED;
    }

    @Override
    public ReadResult read(int most, Deadline deadline) {
      return new ReadResult.NotOwned();
    }

    @Override
    public void seek(StartAt start, Deadline deadline) {}

    @Override
    public CommitResult commit(Position position, Deadline deadline) {
      return new CommitResult.Lost();
    }

    @Override
    public CommitResult finish(Deadline deadline) {
      return new CommitResult.Lost();
    }

    @Override
    public void release(Deadline deadline) {}
  }
}
