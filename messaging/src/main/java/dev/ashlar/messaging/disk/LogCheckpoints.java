package dev.ashlar.messaging.disk;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.journal.Journal;
import dev.ashlar.messaging.journal.JournalReader;
import dev.ashlar.messaging.journal.Payload;
import dev.ashlar.messaging.journal.Ticket;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/*
 * A checkpoint is records like others, in the same journal, so no second file can disagree with it.
 * It is found from the end: the last few records are looked through, then four times as many, and so
 * on. Each pass costs as much as all before it and a third; together, less than three times the way
 * back to the checkpoint, which is bounded by how often one is written.
 *
 * What is larger than one record may be is cut into parts. They may stand apart, with other records
 * between; a checkpoint that lacks a part, because of a crash, is none.
 */
/** Checkpoints in a journal: written in parts, and found again from its end. */
final class LogCheckpoints {

  private static final int PART_BYTES_MAX = 64 << 10;
  private static final int FIRST_LOOK = 64;

  private LogCheckpoints() {}

  /**
   * A checkpoint that was found.
   *
   * @param covers the number of the first record that it does not know
   * @param bytes what {@link LogView#checkpoint} said
   */
  record Found(long covers, Bytes bytes) {}

  /**
   * Writes a checkpoint, and waits until the journal has it.
   *
   * @return {@code false} if the deadline came first
   */
  static boolean write(Journal journal, Found checkpoint, int recordMax, Deadline deadline)
      throws InterruptedException {
    int size = Math.min(PART_BYTES_MAX, recordMax) - LogFormat.CHECKPOINT_HEADER_BYTES;
    Bytes bytes = checkpoint.bytes;
    int parts = (bytes.size() + size - 1) / size;
    List<Ticket> tickets = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      int from = part * size;
      byte[] cut = bytes.slice(from, Math.min(from + size, bytes.size())).toArray();
      byte[] record = LogFormat.checkpoint(checkpoint.covers, part, parts, cut);
      tickets.add(journal.append(Payload.of(Bytes.owning(record)), deadline));
    }
    for (Ticket ticket : tickets) {
      if (!ticket.await(deadline)) {
        return false;
      }
    }
    return true;
  }

  /** Finds the last whole checkpoint. */
  static Optional<Found> last(Journal journal) {
    long end = journal.end();
    long look = FIRST_LOOK;
    while (true) {
      long from = Math.max(journal.first(), end - look);
      Search search = new Search();
      try (JournalReader reader = journal.reader(from)) {
        while (reader.read(search) > 0) {
          // The search keeps what it looks for.
        }
      }
      if (search.last != null || from <= journal.first()) {
        return Optional.ofNullable(search.last);
      }
      look *= 4;
    }
  }

  /** Looks at records in order, and keeps the last whole checkpoint. */
  private static final class Search implements JournalReader.Sink {
    private final TreeMap<Long, Parts> found = new TreeMap<>();
    private @Nullable Found last;

    @Override
    public void accept(long number, byte[] array, int offset, int length) {
      if (length < LogFormat.CHECKPOINT_HEADER_BYTES || array[offset] != LogFormat.CHECKPOINT) {
        return;
      }
      ByteBuffer in = ByteBuffer.wrap(array);
      long covers = in.getLong(offset + 1);
      int part = in.getShort(offset + 9) & 0xffff;
      Parts parts = found.get(covers);
      if (parts == null) {
        parts = new Parts(in.getShort(offset + 11) & 0xffff);
        found.put(covers, parts);
      }
      int header = LogFormat.CHECKPOINT_HEADER_BYTES;
      parts.put(part, LogFormat.slice(array, offset + header, length - header));
      if (parts.isWhole()) {
        last = new Found(covers, parts.bytes());
        found.headMap(covers, true).clear();
      }
    }
  }

  /** The parts of one checkpoint, as far as they have come. */
  private static final class Parts {
    private final byte[][] parts;
    private int missing;

    Parts(int count) {
      parts = new byte[count][];
      missing = count;
    }

    void put(int part, byte[] bytes) {
      if (parts[part] == null) {
        missing--;
      }
      parts[part] = bytes;
    }

    boolean isWhole() {
      return missing == 0;
    }

    Bytes bytes() {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (byte[] part : parts) {
        all.writeBytes(part);
      }
      return Bytes.owning(all.toByteArray());
    }
  }
}
