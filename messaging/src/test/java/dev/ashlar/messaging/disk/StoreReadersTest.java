package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Durability;
import dev.ashlar.messaging.journal.Journal;
import dev.ashlar.messaging.journal.JournalReader;
import dev.ashlar.messaging.journal.Payload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("readers of a store")
class StoreReadersTest {

  private static final int RECORDS = 20_000;

  @TempDir Path folder;

  private final TimeSource time = TimeSource.system();
  private Journal journal;
  private StoreReaders readers;

  @BeforeEach
  void fill() throws InterruptedException {
    DiskOptions options = DiskOptions.folder(folder).withDurability(Durability.OS);
    journal = Journal.open(options, time, Observer.none());
    List<Payload> records = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      records.add(Payload.of(Bytes.utf8("r")));
    }
    Deadline deadline = Deadline.after(Duration.ofSeconds(30), time);
    assertThat(journal.append(records, deadline).await(deadline)).isTrue();
    readers = new StoreReaders(journal);
  }

  @AfterEach
  void close() {
    readers.close();
    journal.close();
  }

  @Test
  void oneThatStandsNearIsUsedAgain() {
    JournalReader first = readers.take(0);
    readers.giveBack(first);
    JournalReader second = readers.take(10);
    assertThat(second).isSameAs(first);
    assertThat(second.position()).isEqualTo(10);
  }

  @Test
  void oneThatStandsFarAwayIsLeftThere() {
    JournalReader first = readers.take(0);
    readers.giveBack(first);
    JournalReader far = readers.take(RECORDS - 1);
    assertThat(far).isNotSameAs(first);
    readers.giveBack(far);
    assertThat(readers.take(1)).isSameAs(first);
  }
}
