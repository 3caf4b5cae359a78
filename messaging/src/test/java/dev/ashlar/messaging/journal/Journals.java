package dev.ashlar.messaging.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the tests of the journal do with it. */
final class Journals {

  static final int SEGMENT_BYTES = 64 << 10;

  private Journals() {}

  static DiskOptions options() {
    return DiskOptions.folder(Path.of("simulated")).withSegmentBytes(SEGMENT_BYTES);
  }

  static Journal open(Durability durability, Disk... disks) {
    return Journal.open(
        List.of(disks), options().withDurability(durability), TimeSource.system(), Observer.none());
  }

  static Journal open(Disk... disks) {
    return open(Durability.ON_APPEND, disks);
  }

  static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(20), TimeSource.system());
  }

  static Payload record(String text) {
    return Payload.of(Bytes.utf8(text));
  }

  /** Appends and waits; returns the number. */
  static long put(Journal journal, String text) throws InterruptedException {
    Ticket ticket = journal.append(record(text), soon());
    assertThat(ticket.await(soon())).isTrue();
    return ticket.first();
  }

  /** All records from a number on, which must be consecutive. */
  static List<String> read(Journal journal, long from) {
    List<String> texts = new ArrayList<>();
    try (JournalReader reader = journal.reader(from)) {
      long start = Math.max(from, journal.first());
      int count;
      do {
        count =
            reader.read(
                (number, array, offset, length) -> {
                  assertThat(number).isEqualTo(start + texts.size());
                  byte[] bytes = Arrays.copyOfRange(array, offset, offset + length);
                  texts.add(Bytes.owning(bytes).toUtf8());
                });
      } while (count > 0);
    }
    return texts;
  }
}
