package dev.ashlar.messaging.journal;

import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.messaging.journal.Disk.Access;
import dev.ashlar.messaging.journal.Disk.DiskFile;
import dev.ashlar.messaging.journal.SegmentFormat.Entry;
import dev.ashlar.messaging.journal.SegmentFormat.Name;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads acknowledged records in order, a batch at a time.
 *
 * <p>It goes on where it is, past the end of one file and into the next, and returns when it has
 * read all there is; {@link Journal#awaitEnd} waits for more. What is forgotten while it reads it
 * skips: its position jumps.
 *
 * <p><b>Guarantees.</b> Each batch has its checksum verified before a byte of it is given out. A
 * batch that is damaged in one folder is taken from another, and written over the damage.
 *
 * <p><b>Failures.</b> {@link DiskException}: {@code DAMAGED} if no folder has a batch as it was
 * written; the position stays before it.
 *
 * <p><b>Threads.</b> One at a time; appends and other readers go on meanwhile.
 *
 * <p><b>Limits.</b> One open file and a window of 256 KiB, or of one batch if that is larger, for
 * each folder.
 */
public final class JournalReader implements AutoCloseable {

  /** So many records ahead the way there is no longer than by the index. */
  private static final int NEAR = 64;

  private final Journal journal;
  private final List<Disk> disks;
  private final Segments segments;
  private final Observer observer;
  private long next;

  private @Nullable Name name;
  private final List<SegmentView> views = new ArrayList<>();
  private final List<DiskFile> files = new ArrayList<>();
  private final List<Disk> viewed = new ArrayList<>();
  private int offset;

  /** The number of the first record of the batch at the offset. */
  private long batchFirst;

  /** Of the segment that is open, unless it is still growing. */
  private List<Entry> sealed = List.of();

  JournalReader(
      Journal journal, List<Disk> disks, Segments segments, Observer observer, long from) {
    this.journal = journal;
    this.observer = observer;
    this.disks = disks;
    this.segments = segments;
    this.next = from;
  }

  /** Takes records; the array is the reader's own and valid during the call only. */
  @FunctionalInterface
  public interface Sink {

    /** Takes one record. */
    void accept(long number, byte[] array, int offset, int length);
  }

  /** Returns the number of the record that comes next. */
  public long position() {
    return next;
  }

  /**
   * Goes on at another record, or at the first that is left if that one is forgotten. This is how
   * to read here and there: within one file nothing is opened again, and of what lies between an
   * entry of its index and the record only the headers are looked at.
   *
   * @param number 0 to the journal's end
   */
  public void seek(long number) {
    if (number < 0 || number > journal.end()) {
      throw new IllegalArgumentException(
          "number: " + number + " (expected: 0 to " + journal.end() + ")");
    }
    boolean near = number >= batchFirst && number - batchFirst < NEAR;
    Name at = name;
    next = number;
    if (!near && at != null && segments.holding(Math.max(number, journal.first())).equals(at)) {
      views.forEach(SegmentView::readLittle);
      try {
        toIndexed(at);
      } catch (IOException e) {
        throw SegmentWriter.failure("read", disks.get(0), at.toString(), Effect.NONE, e);
      }
    }
  }

  /**
   * Gives out the rest of one batch.
   *
   * @return how many records; 0 if all that is acknowledged has been read
   * @throws DiskException {@code DAMAGED} if no folder has the batch as it was written
   */
  public int read(Sink sink) {
    if (next >= journal.end()) {
      return 0;
    }
    try {
      while (true) {
        find();
        int count = give(sink);
        if (count > 0) {
          return count;
        }
      }
    } catch (IOException e) {
      Name at = name;
      throw SegmentWriter.failure(
          "read", disks.get(0), at == null ? "" : at.toString(), Effect.NONE, e);
    }
  }

  /** Comes to the segment that holds the next record. */
  private void find() throws IOException {
    boolean there = false;
    while (!there) {
      next = Math.max(next, journal.first());
      Name wanted = segments.holding(next);
      there = wanted.equals(name) || enter(wanted);
    }
  }

  /** Opens a segment in all folders; refused if it has been forgotten meanwhile. */
  private boolean enter(Name wanted) throws IOException {
    close();
    DiskException problem = null;
    for (Disk disk : disks) {
      try {
        view(disk, wanted);
      } catch (IOException | DiskException e) {
        problem = SegmentWriter.failure("read", disk, wanted.toString(), Effect.NONE, e);
      }
    }
    if (problem != null && !segments.contains(wanted)) {
      close();
      return false;
    }
    if (problem != null) {
      restore(wanted, problem);
    }
    name = wanted;
    sealed = List.of();
    toIndexed(wanted);
    return true;
  }

  private void view(Disk disk, Name wanted) throws IOException {
    DiskFile file = disk.open(wanted.toString(), Access.READ);
    try {
      views.add(new SegmentView(file, Recovery.header(disk, file, wanted)));
      files.add(file);
      viewed.add(disk);
    } catch (IOException | DiskException e) {
      file.close();
      throw e;
    }
  }

  /** Copies a segment that some folder lacks, or that has no header there; not the active one. */
  private void restore(Name wanted, DiskException problem) {
    if (views.isEmpty()) {
      close();
      throw problem;
    }
    if (segments.endOf(wanted) < Long.MAX_VALUE) {
      Disk good = viewed.get(0);
      for (Disk disk : disks) {
        if (!viewed.contains(disk)) {
          journal.restore(wanted, good, disk);
        }
      }
    }
  }

  /** Goes to the last batch of the index that begins at the next record or before. */
  private void toIndexed(Name at) throws IOException {
    offset = SegmentFormat.HEADER_BYTES;
    batchFirst = at.first();
    List<Entry> index = index(at);
    int low = 0;
    int high = index.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (index.get(middle).number() <= next) {
        offset = index.get(middle).offset();
        batchFirst = index.get(middle).number();
        low = middle + 1;
      } else {
        high = middle;
      }
    }
  }

  /** A segment that grew when it was entered may have got its footer since. */
  private List<Entry> index(Name at) throws IOException {
    if (sealed.isEmpty()) {
      Optional<Growing> growing = segments.growing(at);
      if (growing.isPresent()) {
        return growing.get().index();
      }
      sealed = indexOfSealed();
    }
    return sealed;
  }

  /** Passes over batches before the next record; a header that is not right is left to others. */
  private void hop() throws IOException {
    SegmentView view = views.get(0);
    int limit = limit(view);
    while (batchFirst < next) {
      int at = view.headerAt(offset, limit);
      if (at < 0
          || BatchFormat.first(view.array(), at) != batchFirst
          || !BatchFormat.fits(view.array(), at, limit - offset)
          || batchFirst + BatchFormat.count(view.array(), at) > next) {
        return;
      }
      batchFirst += BatchFormat.count(view.array(), at);
      offset +=
          BatchFormat.HEADER_BYTES
              + BatchFormat.paddedBytes(BatchFormat.bodyBytes(view.array(), at));
    }
  }

  private List<Entry> indexOfSealed() throws IOException {
    for (SegmentView view : views) {
      Optional<SegmentFormat.Footer> footer = view.footer();
      if (footer.isPresent()) {
        return footer.get().index();
      }
    }
    return List.of();
  }

  /** Up to where a segment may be read: the active one as far as it is written. */
  private int limit(SegmentView view) {
    return segments
        .growing(view.header().name())
        .map(Growing::position)
        .orElse(view.header().sizeBytes());
  }

  /** Gives out what the batch at the offset has from the next record on; 0 if that lies beyond. */
  private int give(Sink sink) throws IOException {
    hop();
    SegmentView view = batch();
    int at = view.batchAt(offset, limit(view));
    byte[] bytes = view.array();
    int count = BatchFormat.count(bytes, at);
    long until = Math.min(batchFirst + count, segments.endOf(view.header().name()));
    int given = 0;
    int record = at + BatchFormat.HEADER_BYTES;
    for (long number = batchFirst; number < until; number++) {
      int length = BatchFormat.intAt(bytes, record);
      record += BatchFormat.LENGTH_BYTES;
      if (number >= next) {
        sink.accept(number, bytes, record, length);
        next = number + 1;
        given++;
      }
      record += length;
    }
    batchFirst += count;
    offset += BatchFormat.HEADER_BYTES + BatchFormat.paddedBytes(BatchFormat.bodyBytes(bytes, at));
    return given;
  }

  /** The first copy that has the batch whole; the copies before it are repaired from it. */
  private SegmentView batch() throws IOException {
    for (int i = 0; i < views.size(); i++) {
      if (isWhole(views.get(i))) {
        for (int bad = 0; bad < i; bad++) {
          repair(bad, views.get(i));
        }
        return views.get(i);
      }
    }
    throw Recovery.damaged(
        viewed.get(0), views.get(0).header().name(), offset, "not the batch that was written");
  }

  /** A window may be older than a repair, so a second look is taken before anything is said. */
  private boolean isWhole(SegmentView view) throws IOException {
    for (int look = 0; look < 2; look++) {
      int at = view.batchAt(offset, limit(view));
      if (at >= 0 && BatchFormat.first(view.array(), at) == batchFirst) {
        return true;
      }
      view.refresh();
    }
    return false;
  }

  private void repair(int bad, SegmentView good) throws IOException {
    if (views.get(bad).header().salt() == good.header().salt()) {
      int at = good.batchAt(offset, limit(good));
      journal.unlessForgotten(good.header().name(), () -> overwrite(bad, good, at));
    }
  }

  private void overwrite(int bad, SegmentView good, int at) {
    Disk disk = viewed.get(bad);
    String file = good.header().name().toString();
    byte[] bytes = good.array();
    int size = BatchFormat.HEADER_BYTES + BatchFormat.paddedBytes(BatchFormat.bodyBytes(bytes, at));
    try (DiskFile writable = disk.open(file, Access.WRITE)) {
      writable.writeForced(offset, bytes, at, size);
    } catch (IOException e) {
      throw SegmentWriter.failure("repair", disk, file, Effect.NONE, e);
    }
    views.get(bad).refresh();
    observer.count("journal.mirror.repaired", 1);
  }

  /** Goes on at the next segment, past damage; returns whether there is one. */
  boolean skipSegment() {
    long end = segments.endOf(segments.holding(Math.max(next, journal.first())));
    close();
    if (end == Long.MAX_VALUE) {
      return false;
    }
    next = end;
    return true;
  }

  @Override
  public void close() {
    name = null;
    views.clear();
    viewed.clear();
    for (DiskFile file : files) {
      try {
        file.close();
      } catch (IOException e) {
        // Nothing was written through it that was not forced.
      }
    }
    files.clear();
  }
}
