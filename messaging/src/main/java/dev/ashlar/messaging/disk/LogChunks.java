package dev.ashlar.messaging.disk;

import dev.ashlar.messaging.journal.Journal;
import dev.ashlar.messaging.journal.JournalReader;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/*
 * Whoever lags in one partition most often lags in all of them, by about as much: a group that begins
 * at the beginning, or that comes back. So what was read for one partition is kept for the next, and
 * the journal is read once and not once for each.
 */
/** The parts of a journal that lagging readers have read last. */
final class LogChunks implements AutoCloseable {

  /** Several groups can lag at different places; together less than 16 MiB of usual records. */
  private static final int CHUNKS_MAX = 16;

  private static final int READERS_MAX = 4;

  private final Journal journal;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<LogChunk> chunks = new ArrayDeque<>();
  private final ArrayDeque<JournalReader> idle = new ArrayDeque<>();
  private long loaded;

  /** How much the last chunk had; the next one most often has as much. */
  private volatile int lastBytes;

  private boolean closed;

  LogChunks(Journal journal) {
    this.journal = journal;
  }

  /**
   * Returns the chunk that holds a number, or that begins with the first number behind it which the
   * journal still has.
   *
   * @param until where what may be read ends, the end of a batch
   */
  LogChunk holding(long number, long until) {
    Optional<LogChunk> known = known(number);
    if (known.isPresent()) {
      return known.get();
    }
    JournalReader reader = take(number);
    boolean read = false;
    try {
      LogChunk chunk = LogChunk.read(reader, until, lastBytes);
      read = true;
      keep(chunk);
      return chunk;
    } finally {
      giveBack(reader, read);
    }
  }

  /** How many chunks were read from the disk so far. */
  long loaded() {
    lock.lock();
    try {
      return loaded;
    } finally {
      lock.unlock();
    }
  }

  /** Finds a chunk, which is then the last to be let go. */
  private Optional<LogChunk> known(long number) {
    lock.lock();
    try {
      for (Iterator<LogChunk> each = chunks.iterator(); each.hasNext(); ) {
        LogChunk chunk = each.next();
        if (chunk.holds(number)) {
          each.remove();
          chunks.addLast(chunk);
          return Optional.of(chunk);
        }
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private void keep(LogChunk chunk) {
    lock.lock();
    try {
      loaded++;
      lastBytes = chunk.sizeBytes() + LogChunk.START_BYTES;
      chunks.addLast(chunk);
      if (chunks.size() > CHUNKS_MAX) {
        chunks.removeFirst();
      }
    } finally {
      lock.unlock();
    }
  }

  private JournalReader take(long number) {
    lock.lock();
    try {
      for (JournalReader reader : idle) {
        if (reader.position() == number) {
          idle.remove(reader);
          return reader;
        }
      }
    } finally {
      lock.unlock();
    }
    return journal.reader(number);
  }

  private void giveBack(JournalReader reader, boolean whole) {
    lock.lock();
    try {
      if (whole && !closed) {
        idle.addLast(reader);
        if (idle.size() > READERS_MAX) {
          idle.removeFirst().close();
        }
      } else {
        reader.close();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what is open and what was read, as a restart would. */
  void expire() {
    lock.lock();
    try {
      idle.forEach(JournalReader::close);
      idle.clear();
      chunks.clear();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      expire();
    } finally {
      lock.unlock();
    }
  }
}
