package dev.ashlar.messaging.journal;

import dev.ashlar.core.Observer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads all copies over and over, so that rot is found, and repaired from another folder, before
 * the last good copy rots too. Each round puts another folder first; what is read first is
 * verified.
 *
 * <p><b>Threads.</b> One at a time.
 */
final class Scrub {

  /** Slow enough not to be felt beside the appends, a terabyte in under three days. */
  static final long BYTES_PER_SECOND = 4L << 20;

  private final Journal journal;
  private final List<Disk> disks;
  private final Observer observer;
  private int round;
  private @Nullable JournalReader reader;

  Scrub(Journal journal, List<Disk> disks, Observer observer) {
    this.journal = journal;
    this.disks = disks;
    this.observer = observer;
  }

  /**
   * Verifies about as many bytes.
   *
   * @return whether a round ended
   */
  boolean step(long bytes) {
    long[] left = {bytes};
    while (left[0] > 0) {
      JournalReader at = reader();
      int count = read(at, left);
      if (count == 0) {
        at.close();
        reader = null;
        round++;
        observer.count("journal.scrub.round", 1);
        return true;
      }
    }
    return false;
  }

  private int read(JournalReader at, long[] left) {
    try {
      return at.read((number, array, offset, length) -> left[0] -= length + 1);
    } catch (DiskException e) {
      // Whoever needs these records is told the same; the scrub goes on with the next segment.
      observer.count("journal.scrub.damaged", 1);
      return at.skipSegment() ? 1 : 0;
    }
  }

  private JournalReader reader() {
    JournalReader at = reader;
    if (at == null) {
      List<Disk> order = new ArrayList<>(disks);
      Collections.rotate(order, round);
      at = journal.reader(order, journal.first());
      reader = at;
    }
    return at;
  }

  void close() {
    if (reader != null) {
      reader.close();
    }
  }
}
