package dev.ashlar.messaging.disk;

import dev.ashlar.messaging.disk.QueueRecord.Stored;
import dev.ashlar.messaging.journal.Journal;
import dev.ashlar.messaging.journal.JournalReader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads several messages, in the order of their records, and what lies near in one go. */
final class QueueNear implements AutoCloseable {

  private final Journal journal;
  private final int nearRecords;
  private final Set<Long> wanted = new HashSet<>();
  private final Map<Long, Stored> found = new HashMap<>();
  private @Nullable JournalReader reader;

  QueueNear(Journal journal, int nearRecords) {
    this.journal = journal;
    this.nearRecords = nearRecords;
  }

  /** Reads the records of these numbers, which are in order. */
  void read(List<Long> homes) {
    wanted.addAll(homes);
    for (long home : homes) {
      if (wanted.contains(home)) {
        look(home);
      }
    }
  }

  private void look(long home) {
    JournalReader from = reader;
    if (from == null || home < from.position() || home - from.position() > nearRecords) {
      close();
      from = journal.reader(home);
      reader = from;
    }
    while (from.position() <= home && from.read(this::note) > 0) {
      // Batches before it are passed over.
    }
  }

  private void note(long number, byte[] array, int at, int length) {
    if (wanted.remove(number)) {
      found.put(number, QueueRecord.stored(array, at, length));
    }
  }

  @Nullable Stored found(long home) {
    return found.get(home);
  }

  @Override
  public void close() {
    JournalReader from = reader;
    if (from != null) {
      from.close();
    }
  }
}
