package dev.ashlar.messaging.journal;

import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.journal.BatchFormat.Spot;
import dev.ashlar.messaging.journal.Disk.DiskFile;
import dev.ashlar.messaging.journal.SegmentFormat.Footer;
import dev.ashlar.messaging.journal.SegmentFormat.Header;
import dev.ashlar.messaging.journal.SegmentFormat.Name;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/*
 * After a write or a force has failed, nobody knows what is on the disk: Linux marks the pages clean
 * and reports the error once, so a second force answers "done" about bytes that never arrived. So
 * the segment is never written again. The next append begins a new one, whose first number is the
 * first that was not acknowledged; it overrules whatever the old segment holds from that number on.
 * Batches that were acknowledged without a force (EVERY, OS) are read back, verified and written,
 * forced, to the new segment.
 */
/** The active segment, in all copies. Used by one thread at a time: the journal's leader. */
final class SegmentWriter {

  /** How often it is looked whether the file is still there: a hundredth of what a look costs. */
  private static final long LOOK_NANOS = 10_000_000;

  private final List<Disk> disks;
  private final DiskOptions options;
  private final Segments segments;
  private final TimeSource time;
  private final Observer observer;
  private final List<DiskFile> files = new ArrayList<>();

  /**
   * Whether batches are stored into mapped memory: where no system call comes after them anyway.
   */
  private final boolean mapped;

  private @Nullable Active active;
  private long looked;
  private boolean mustLook;

  /** Batches of a poisoned segment that must come first in the next one. */
  private byte[] carried = new byte[0];

  private long carriedFirst;

  SegmentWriter(
      List<Disk> disks,
      DiskOptions options,
      Segments segments,
      TimeSource time,
      Observer observer) {
    this.disks = disks;
    this.options = options;
    this.segments = segments;
    this.time = time;
    this.observer = observer;
    this.looked = time.nanos() - LOOK_NANOS;
    this.mapped = options.durability() instanceof Durability.Os && disks.size() == 1;
  }

  /** The segment that is written to, and how much of it the disk has. */
  private static final class Active {
    final Growing growing;
    int forced = SegmentFormat.HEADER_BYTES;
    long forcedNumber;
    boolean poisoned;

    Active(Growing growing) {
      this.growing = growing;
      this.forcedNumber = growing.next();
    }

    Header header() {
      return growing.header();
    }

    int position() {
      return growing.position();
    }

    void markForced() {
      forced = growing.position();
      forcedNumber = growing.next();
    }
  }

  /**
   * Writes a batch, and forces it if the durability says so.
   *
   * @throws DiskException with no effect if no byte of it was written
   */
  void write(Stage stage, long first) {
    stage.pad();
    Active to = active;
    // Twice if what had to be rescued fills a whole segment.
    while (to == null || to.poisoned || !hasRoom(to, stage.sizeBytes())) {
      to = roll(first);
    }
    boolean force = options.durability() instanceof Durability.OnAppend;
    writeBatch(to, stage.array(), stage.bodyBytes(), stage.count(), force);
  }

  private boolean hasRoom(Active to, int size) {
    int reserve = SegmentFormat.footerMaxBytes(to.header().sizeBytes());
    return size <= to.header().sizeBytes() - reserve - to.position();
  }

  private void writeBatch(Active to, byte[] batch, int bodyBytes, int count, boolean force) {
    Spot spot = new Spot(to.header().salt(), to.position());
    BatchFormat.seal(batch, bodyBytes, to.growing.next(), count, to.forced, spot);
    int size = BatchFormat.HEADER_BYTES + BatchFormat.paddedBytes(bodyBytes);
    decideWhetherToLook();
    for (int i = 0; i < files.size(); i++) {
      try {
        writeTo(files.get(i), to.position(), batch, size, force);
      } catch (IOException | RuntimeException e) {
        to.poisoned = true;
        observer.count("journal.write.failed", 1);
        throw failure("append", disks.get(i), to.header().name().toString(), Effect.UNKNOWN, e);
      }
    }
    observer.step("journal.batch.written");
    to.growing.accept(size, count);
    if (force) {
      to.markForced();
    }
  }

  private void writeTo(DiskFile file, int position, byte[] batch, int size, boolean force)
      throws IOException {
    if (force) {
      file.writeForced(position, batch, 0, size);
    } else {
      file.write(position, batch, 0, size);
    }
    if (mustLook && !file.stands(options.segmentBytes())) {
      throw new NoSuchFileException("the active segment");
    }
  }

  /**
   * A write into a file that somebody deleted works, and saves nothing: so it is looked after, but
   * not with each of many batches, because what was in the file before is as lost.
   */
  private void decideWhetherToLook() {
    long now = time.nanos();
    mustLook = now - looked >= LOOK_NANOS;
    if (mustLook) {
      looked = now;
    }
  }

  static DiskException failure(
      String what, Disk disk, String name, Effect effect, Exception cause) {
    return cause instanceof DiskException known
        ? known
        : DiskException.of(what, disk.path(name), effect, cause);
  }

  /** Forces what was written and is not forced yet. */
  void force() {
    Active now = active;
    if (now == null || now.poisoned || now.forced == now.position()) {
      return;
    }
    for (int i = 0; i < files.size(); i++) {
      try {
        files.get(i).force();
      } catch (IOException | RuntimeException e) {
        now.poisoned = true;
        observer.count("journal.force.failed", 1);
        throw failure("force", disks.get(i), now.header().name().toString(), Effect.UNKNOWN, e);
      }
    }
    now.markForced();
  }

  /** Gives the active segment up, because nobody knows what is in it. */
  DiskException poison(Throwable cause) {
    Active now = active;
    if (now != null) {
      now.poisoned = true;
    }
    String name = now == null ? "" : now.header().name().toString();
    return DiskException.of("append", disks.get(0).path(name), Effect.UNKNOWN, cause);
  }

  /** Ends the active segment and begins one whose first record has the number. */
  private Active roll(long first) {
    Active old = active;
    if (old == null) {
      return begin(first);
    }
    if (old.poisoned) {
      carry(old);
    } else {
      seal(old);
    }
    active = null;
    closeFiles();
    return begin(first);
  }

  private void carry(Active old) {
    if (carried.length == 0) {
      carried = unforced(old);
      carriedFirst = old.forcedNumber;
    }
  }

  private Active begin(long first) {
    Active fresh = create(carried.length == 0 ? first : carriedFirst);
    active = fresh;
    if (carried.length > 0) {
      rescue(fresh, carried);
      carried = new byte[0];
    }
    return fresh;
  }

  /** Writes the footer over the first zeros, forces, and cuts the zeros off. */
  private void seal(Active old) {
    byte[] footer =
        SegmentFormat.encode(
            new Footer(
                old.header().name().first(),
                old.growing.next(),
                old.position(),
                old.growing.index()),
            old.header().salt());
    for (int i = 0; i < files.size(); i++) {
      try {
        seal(files.get(i), old.position(), footer);
      } catch (IOException | RuntimeException e) {
        old.poisoned = true;
        throw failure("seal", disks.get(i), old.header().name().toString(), Effect.NONE, e);
      }
    }
    old.markForced();
    observer.step("journal.segment.sealed");
  }

  static void seal(DiskFile file, int position, byte[] footer) throws IOException {
    file.write(position, footer, 0, footer.length);
    file.force();
    file.truncate(position + footer.length);
    file.force();
  }

  private Active create(long first) {
    long id = segments.isEmpty() ? 1 : segments.last().id() + 1;
    Name name = new Name(id, first);
    Header header = new Header(name, options.segmentBytes(), salt(id));
    for (Disk disk : disks) {
      try {
        DiskFile file = Spare.turnInto(disk, header);
        files.add(file);
        if (mapped) {
          file.map(header.sizeBytes());
        }
      } catch (IOException | RuntimeException e) {
        closeFiles();
        throw failure("new segment", disk, name.toString(), Effect.NONE, e);
      }
    }
    Growing growing = new Growing(header);
    segments.grow(growing);
    segments.add(name);
    observer.step("journal.segment.begun");
    return new Active(growing);
  }

  /** Only has to differ from segment to segment: the moment it was begun, mixed with its id. */
  private long salt(long id) {
    Instant now = time.wallTime();
    long seed = now.getEpochSecond() * 1_000_000_000L + now.getNano() + id * 0x9e3779b97f4a7c15L;
    seed = (seed ^ (seed >>> 30)) * 0xbf58476d1ce4e5b9L;
    seed = (seed ^ (seed >>> 27)) * 0x94d049bb133111ebL;
    return seed ^ (seed >>> 31) ^ time.nanos();
  }

  /** The batches that were acknowledged and not forced, as the operating system still has them. */
  private byte[] unforced(Active old) {
    byte[] bytes = new byte[old.position() - old.forced];
    for (DiskFile file : files) {
      try {
        if (file.read(old.forced, bytes, 0, bytes.length) == bytes.length && areWhole(old, bytes)) {
          return bytes;
        }
      } catch (IOException unreadable) {
        observer.count("journal.rescue.unreadable", 1);
      }
    }
    throw DiskException.of(
        DiskException.Reason.DAMAGED,
        "acknowledged and not yet forced",
        disks.get(0).path(old.header().name().toString()),
        old.forced);
  }

  private static boolean areWhole(Active old, byte[] bytes) {
    int at = 0;
    while (at < bytes.length) {
      Spot spot = new Spot(old.header().salt(), old.forced + at);
      if (!BatchFormat.isHeader(bytes, at, spot)
          || !BatchFormat.fits(bytes, at, bytes.length - at)
          || !BatchFormat.isBodyValid(bytes, at, spot)) {
        return false;
      }
      at += BatchFormat.HEADER_BYTES + BatchFormat.paddedBytes(BatchFormat.bodyBytes(bytes, at));
    }
    return true;
  }

  private void rescue(Active fresh, byte[] rescued) {
    int at = 0;
    while (at < rescued.length) {
      int body = BatchFormat.bodyBytes(rescued, at);
      int size = BatchFormat.HEADER_BYTES + BatchFormat.paddedBytes(body);
      byte[] batch = Arrays.copyOfRange(rescued, at, at + size);
      writeBatch(fresh, batch, body, BatchFormat.count(batch, 0), true);
      at += size;
    }
  }

  /** Forces and seals; a segment without a record is left for the next opening to replace. */
  void close() {
    Active now = active;
    active = null;
    try {
      if (now != null && !now.poisoned && now.position() > SegmentFormat.HEADER_BYTES) {
        seal(now);
      }
    } finally {
      closeFiles();
    }
  }

  /** Drops everything, as a crash would. */
  void abandon() {
    active = null;
    closeFiles();
  }

  private void closeFiles() {
    for (DiskFile file : files) {
      try {
        file.close();
      } catch (IOException e) {
        // What had to be forced was forced before; an error of closing says nothing more.
        observer.count("journal.close.failed", 1);
      }
    }
    files.clear();
  }
}
