package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Durability;
import dev.ashlar.messaging.journal.Journal;
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
  private final StoreObserver observer = new StoreObserver(Observer.none());
  private Journal journal;
  private StoreReaders readers;

  @BeforeEach
  void fill() throws InterruptedException {
    DiskOptions options = DiskOptions.folder(folder).withDurability(Durability.OS);
    journal = Journal.open(options, time, observer);
    List<Payload> records = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      records.add(Payload.of(Bytes.utf8("r")));
    }
    Deadline deadline = Deadline.after(Duration.ofSeconds(30), time);
    assertThat(journal.append(records, deadline).await(deadline)).isTrue();
    readers = new StoreReaders(journal, observer);
  }

  @AfterEach
  void close() {
    readers.close();
    journal.close();
  }

  @Test
  void oneThatStandsNearIsUsedAgain() {
    StoreReaders.Lent first = readers.take(0);
    readers.giveBack(first);
    StoreReaders.Lent second = readers.take(10);
    assertThat(second.reader()).isSameAs(first.reader());
    assertThat(second.reader().position()).isEqualTo(10);
  }

  @Test
  void oneThatStandsFarAwayIsLeftThere() {
    StoreReaders.Lent first = readers.take(0);
    readers.giveBack(first);
    StoreReaders.Lent far = readers.take(RECORDS - 1);
    assertThat(far.reader()).isNotSameAs(first.reader());
    readers.giveBack(far);
    assertThat(readers.take(1).reader()).isSameAs(first.reader());
  }

  @Test
  void noneIsUsedAgainOnceAnotherSegmentHasBegun() {
    StoreReaders.Lent idle = readers.take(0);
    StoreReaders.Lent inUse = readers.take(1);
    readers.giveBack(idle);
    observer.step("journal.segment.begun");
    StoreReaders.Lent after = readers.take(2);
    assertThat(after.reader()).isNotSameAs(idle.reader());
    readers.giveBack(inUse);
    assertThat(readers.take(1).reader()).isNotSameAs(inUse.reader());
  }
}
