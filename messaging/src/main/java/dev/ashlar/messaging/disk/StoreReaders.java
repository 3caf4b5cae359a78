package dev.ashlar.messaging.disk;

import dev.ashlar.messaging.journal.Journal;
import dev.ashlar.messaging.journal.JournalReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Readers that are kept open between two uses, because opening a file costs more than reading one
 * record of it.
 *
 * <p><b>Threads.</b> Safe. Whoever takes a reader has it alone.
 *
 * <p><b>Limits.</b> {@value #IDLE_MAX} idle ones, each with a file of each folder and 64 KiB or
 * more.
 */
final class StoreReaders {

  private static final int IDLE_MAX = 16;

  private final Journal journal;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<JournalReader> idle = new ArrayList<>();
  private boolean closed;

  StoreReaders(Journal journal) {
    this.journal = journal;
  }

  /** Returns a reader that comes to a record next; of the idle ones the nearest. */
  JournalReader take(long number) {
    JournalReader nearest = null;
    lock.lock();
    try {
      for (JournalReader each : idle) {
        if (nearest == null || distance(each, number) < distance(nearest, number)) {
          nearest = each;
        }
      }
      idle.remove(nearest);
    } finally {
      lock.unlock();
    }
    if (nearest == null) {
      return journal.reader(number);
    }
    nearest.seek(number);
    return nearest;
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
