package dev.ashlar.messaging.disk;

import dev.ashlar.messaging.journal.Journal;
import dev.ashlar.messaging.journal.JournalReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/*
 * Coming to another segment costs a reader more than all else: a file to open, a header and an index
 * to read. Records that are looked for lie anywhere. So readers stand all over the journal, and the
 * nearest one is taken: as long as there are fewer segments than readers, it mostly has the file open.
 */
/**
 * Readers that are kept open between two uses, because opening a file costs more than reading one
 * record of it.
 *
 * <p><b>Threads.</b> Safe. Whoever takes a reader has it alone.
 *
 * <p><b>Limits.</b> {@value #IDLE_MAX} idle ones, each with a file of each folder and a window of
 * 64 to 256 KiB on it, so 16 MiB with one folder; fewer in a journal of fewer than {@value
 * #NEAR_LEAST} records for each.
 */
final class StoreReaders {

  private static final int IDLE_MAX = 64;

  /** So near a reader is taken, not another one opened; a small journal needs few. */
  private static final long NEAR_LEAST = 8192;

  private final Journal journal;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<JournalReader> idle = new ArrayList<>();
  private boolean closed;

  StoreReaders(Journal journal) {
    this.journal = journal;
  }

  /** Returns a reader that comes to a record next: an idle one that is near, if there is one. */
  JournalReader take(long number) {
    JournalReader nearest = takeNearest(number);
    if (nearest == null) {
      return journal.reader(number);
    }
    nearest.seek(number);
    return nearest;
  }

  private @Nullable JournalReader takeNearest(long number) {
    long near = Math.max(NEAR_LEAST, (journal.end() - journal.first()) / IDLE_MAX);
    lock.lock();
    try {
      JournalReader nearest = null;
      for (JournalReader each : idle) {
        if (nearest == null || distance(each, number) < distance(nearest, number)) {
          nearest = each;
        }
      }
      if (nearest == null || (idle.size() < IDLE_MAX && distance(nearest, number) > near)) {
        return null;
      }
      idle.remove(nearest);
      return nearest;
    } finally {
      lock.unlock();
    }
  }

  private static long distance(JournalReader reader, long number) {
    return Math.abs(reader.position() - number);
  }

  /** Takes a reader back, after a use that went well. */
  void giveBack(JournalReader reader) {
    lock.lock();
    try {
      if (!closed && idle.size() < IDLE_MAX) {
        idle.add(reader);
        return;
      }
    } finally {
      lock.unlock();
    }
    reader.close();
  }

  /** Closes the idle ones, and others when they come back. */
  void close() {
    lock.lock();
    try {
      closed = true;
      idle.forEach(JournalReader::close);
      idle.clear();
    } finally {
      lock.unlock();
    }
  }
}
