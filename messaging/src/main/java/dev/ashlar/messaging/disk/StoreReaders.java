package dev.ashlar.messaging.disk;

import dev.ashlar.messaging.journal.Journal;
import dev.ashlar.messaging.journal.JournalReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/*
 * Coming to another segment costs a reader more than all else: a file to open, a header and an index
 * to read. Records that are looked for lie anywhere. So readers stand all over the journal, and the
 * nearest one is taken: as long as there are fewer segments than readers, it mostly has the file open.
 *
 * A reader that has come to the last segment takes its index from the journal. Once the next segment is
 * begun that is no longer to be had, and such a reader finds a record by passing over all before it, a
 * thousand times as slow. So a new segment ends the use of all readers: once in 64 MiB.
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
  private final StoreObserver observer;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Lent> idle = new ArrayList<>();
  private boolean closed;

  StoreReaders(Journal journal, StoreObserver observer) {
    this.journal = journal;
    this.observer = observer;
  }

  /** A reader, and how many segments had been begun when it was opened. */
  record Lent(JournalReader reader, long begun) {}

  /** Returns a reader that comes to a record next: an idle one that is near, if there is one. */
  Lent take(long number) {
    long begun = observer.segmentsBegun();
    Lent nearest = takeNearest(number, begun);
    if (nearest == null) {
      return new Lent(journal.reader(number), begun);
    }
    nearest.reader.seek(number);
    return nearest;
  }

  private @Nullable Lent takeNearest(long number, long begun) {
    long near = Math.max(NEAR_LEAST, (journal.end() - journal.first()) / IDLE_MAX);
    lock.lock();
    try {
      closeIf(each -> each.begun != begun);
      Lent nearest = null;
      for (Lent each : idle) {
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

  private static long distance(Lent lent, long number) {
    return Math.abs(lent.reader.position() - number);
  }

  private void closeIf(Predicate<Lent> isOver) {
    idle.removeIf(
        each -> {
          boolean over = isOver.test(each);
          if (over) {
            each.reader.close();
          }
          return over;
        });
  }

  /** Takes a reader back, after a use that went well. */
  void giveBack(Lent lent) {
    lock.lock();
    try {
      if (!closed && idle.size() < IDLE_MAX && lent.begun == observer.segmentsBegun()) {
        idle.add(lent);
        return;
      }
    } finally {
      lock.unlock();
    }
    lent.reader.close();
  }

  /** Closes the idle ones, and others when they come back. */
  void close() {
    lock.lock();
    try {
      closed = true;
      closeIf(each -> true);
    } finally {
      lock.unlock();
    }
  }
}
