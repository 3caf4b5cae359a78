package dev.ashlar.messaging.journal;

import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.messaging.journal.Disk.Access;
import dev.ashlar.messaging.journal.Disk.DiskFile;
import dev.ashlar.messaging.journal.DiskException.Reason;
import dev.ashlar.messaging.journal.SegmentFormat.Footer;
import dev.ashlar.messaging.journal.SegmentFormat.Header;
import dev.ashlar.messaging.journal.SegmentFormat.Name;
import dev.ashlar.messaging.journal.SegmentFormat.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/*
 * Opening looks at names, and reads the last segment only: all others were sealed and forced before
 * it was begun (or overruled by the one after them, see SegmentWriter), so a crash cannot have
 * touched them. What rots there is found when it is read, or by a scrub.
 *
 * The last segment is scanned, cut where its data end, and sealed: nothing is ever appended to a
 * segment that a crash has touched. One without a record is removed, and its id used again.
 *
 * With several folders each copy is scanned, the one that goes furthest wins, and whoever differs
 * from it or lacks a file gets a whole new copy. Of the older segments only the sizes are compared,
 * which is how a copy shows that was left behind while it was still written to.
 *
 * A folder that comes back as it was long ago may end before what the others have forgotten:
 *
 *      one folder      6 7 8 9
 *      another   1 2 3               left behind: emptied, and filled again from the first
 *
 * A gap that is inside one folder, or that no other folder explains, is a file that somebody took.
 */
/** What is there when a journal opens, made fit for going on. */
final class Recovery {

  private static final int COPY_BYTES = 256 << 10;

  private final List<Disk> disks;
  private final Observer observer;

  /** Which segments each folder had when it was listed, once: there may be thousands. */
  private final Map<Disk, Set<Name>> there = new HashMap<>();

  Recovery(List<Disk> disks, Observer observer) {
    this.disks = disks;
    this.observer = observer;
  }

  /** What a journal goes on from. */
  record Result(List<Name> names, long next) {}

  private record Copy(Disk disk, Name name, Header header, TailScan scan) {}

  Result run() {
    List<Name> names = consecutive();
    for (Name name : names.subList(0, Math.max(0, names.size() - 1))) {
      makeSame(name);
    }
    if (names.isEmpty()) {
      return new Result(names, 0);
    }
    Name last = names.get(names.size() - 1);
    TailScan scan = recoverLast(last);
    List<Name> kept = new ArrayList<>(names);
    if (scan.next() == last.first()) {
      kept.remove(last);
    }
    return new Result(List.copyOf(kept), scan.next());
  }

  private List<Name> consecutive() {
    TreeSet<Name> all = new TreeSet<>();
    for (Disk disk : disks) {
      List<Name> names = namesIn(disk);
      there.put(disk, Set.copyOf(names));
      for (Name name : names) {
        all.add(name);
        if (!sameFirst(all, name)) {
          throw damaged(disk, name, 0, "two segments with one id");
        }
      }
    }
    long expected = all.isEmpty() ? 0 : all.first().id();
    for (Name name : List.copyOf(all)) {
      if (name.id() != expected) {
        emptyThoseLeftBehind(name);
        all.removeIf(earlier -> earlier.id() < name.id());
      }
      expected = name.id() + 1;
    }
    return List.copyOf(all);
  }

  /** Empties the folders that end before a gap, if all others begin behind it. */
  private void emptyThoseLeftBehind(Name behindTheGap) {
    List<Disk> left = new ArrayList<>();
    for (Disk disk : disks) {
      List<Name> names = namesIn(disk);
      boolean before = names.stream().anyMatch(name -> name.id() < behindTheGap.id());
      boolean behind = names.stream().anyMatch(name -> name.id() >= behindTheGap.id());
      if (before && behind) {
        throw DiskException.of(
            Reason.VANISHED,
            "the segment before this one is missing",
            disk.path(behindTheGap.toString()),
            0);
      }
      if (before) {
        left.add(disk);
      }
    }
    left.forEach(this::empty);
  }

  private void empty(Disk disk) {
    for (Name name : namesIn(disk).stream().sorted().toList()) {
      try {
        disk.delete(name.toString());
        disk.sync();
      } catch (IOException e) {
        throw SegmentWriter.failure("empty", disk, name.toString(), Effect.NONE, e);
      }
    }
    there.put(disk, Set.of());
    observer.count("journal.mirror.left-behind", 1);
  }

  private static boolean sameFirst(NavigableSet<Name> all, Name name) {
    Name there = all.floor(name);
    return there == null || there.id() != name.id() || there.first() == name.first();
  }

  private static List<Name> namesIn(Disk disk) {
    try {
      List<Name> names = new ArrayList<>();
      for (String text : disk.names()) {
        Name.parse(text).ifPresent(names::add);
      }
      return names;
    } catch (IOException e) {
      throw SegmentWriter.failure("list", disk, "", Effect.NONE, e);
    }
  }

  /** Gives a copy of an older segment to whoever lacks it, or has it of another size. */
  private void makeSame(Name name) {
    if (disks.size() == 1) {
      return;
    }
    Disk source = disks.stream().filter(disk -> isSealed(disk, name)).findFirst().orElse(null);
    for (Disk disk : disks) {
      boolean missing = !has(disk, name);
      if (source != null && (missing || sizeOf(disk, name) != sizeOf(source, name))) {
        copy(source, disk, name);
      } else if (source == null && missing) {
        disks.stream()
            .filter(other -> has(other, name))
            .findFirst()
            .ifPresent(other -> copy(other, disk, name));
      }
    }
  }

  private boolean isSealed(Disk disk, Name name) {
    if (!has(disk, name)) {
      return false;
    }
    try (DiskFile file = disk.open(name.toString(), Access.READ)) {
      return new SegmentView(file, header(disk, file, name)).footer().isPresent();
    } catch (IOException | DiskException damaged) {
      return false;
    }
  }

  private static long sizeOf(Disk disk, Name name) {
    try (DiskFile file = disk.open(name.toString(), Access.READ)) {
      return file.size();
    } catch (IOException e) {
      throw SegmentWriter.failure("open", disk, name.toString(), Effect.NONE, e);
    }
  }

  private boolean has(Disk disk, Name name) {
    return there.getOrDefault(disk, Set.of()).contains(name);
  }

  /** Makes all copies of the last segment the same, and sealed. */
  private TailScan recoverLast(Name name) {
    List<Copy> copies = new ArrayList<>();
    DiskException problem = null;
    for (Disk disk : disks) {
      try {
        copies.add(scan(disk, name));
      } catch (DiskException e) {
        problem = e;
      }
    }
    Copy best = furthest(copies, problem);
    if (best.scan.next() == name.first()) {
      removeEverywhere(name);
      return best.scan;
    }
    for (Disk disk : disks) {
      Optional<Copy> same =
          copies.stream().filter(c -> c.disk == disk && isSame(c, best)).findFirst();
      if (same.isPresent()) {
        seal(same.get());
      } else {
        copy(best.disk, disk, name);
      }
    }
    return best.scan;
  }

  private static boolean isSame(Copy copy, Copy best) {
    return copy.disk == best.disk
        || (!copy.scan.damaged()
            && copy.scan.end() == best.scan.end()
            && copy.header.equals(best.header));
  }

  private static Copy furthest(List<Copy> copies, @Nullable DiskException problem) {
    Copy best = null;
    for (Copy copy : copies) {
      boolean further =
          best == null
              || copy.scan.next() > best.scan.next()
              || (copy.scan.next() == best.scan.next() && best.scan.damaged());
      best = further ? copy : best;
    }
    if (best == null) {
      throw problem == null ? new IllegalStateException("copies: none (expected: 1)") : problem;
    }
    if (best.scan.damaged()) {
      throw damaged(best.disk, best.name, best.scan.end(), "no crash explains these bytes");
    }
    return best;
  }

  private static Copy scan(Disk disk, Name name) {
    try (DiskFile file = disk.open(name.toString(), Access.READ)) {
      Header header = header(disk, file, name);
      SegmentView view = new SegmentView(file, header);
      return new Copy(disk, name, header, TailScan.of(view, file.size()));
    } catch (IOException e) {
      throw SegmentWriter.failure("open", disk, name.toString(), Effect.NONE, e);
    }
  }

  /** Reads the header of a segment and holds it against its name. */
  static Header header(Disk disk, DiskFile file, Name name) throws IOException {
    byte[] bytes = new byte[SegmentFormat.HEADER_BYTES];
    boolean whole = file.read(0, bytes, 0, bytes.length) == bytes.length;
    Verdict verdict = whole ? SegmentFormat.judge(bytes) : Verdict.DAMAGED;
    if (verdict == Verdict.LATER_VERSION) {
      throw DiskException.of(
          Reason.LATER_VERSION,
          "version " + bytes[8] + " (expected: at most " + SegmentFormat.VERSION + ")",
          disk.path(name.toString()),
          8);
    }
    if (verdict == Verdict.DAMAGED || !SegmentFormat.decode(bytes).name().equals(name)) {
      throw damaged(disk, name, 0, "not the header that was written");
    }
    return SegmentFormat.decode(bytes);
  }

  static DiskException damaged(Disk disk, Name name, long offset, String what) {
    return DiskException.of(Reason.DAMAGED, what, disk.path(name.toString()), offset);
  }

  private void seal(Copy copy) {
    try (DiskFile file = copy.disk.open(copy.name.toString(), Access.WRITE)) {
      TailScan scan = copy.scan;
      Footer footer = new Footer(copy.name.first(), scan.next(), scan.end(), scan.index());
      byte[] bytes = SegmentFormat.encode(footer, copy.header.salt());
      if (!scan.sealed()) {
        SegmentWriter.seal(file, scan.end(), bytes);
        observer.count("journal.tail.sealed", 1);
      } else if (file.size() != scan.end() + bytes.length) {
        file.truncate(scan.end() + bytes.length);
        file.force();
      }
    } catch (IOException e) {
      throw SegmentWriter.failure("seal", copy.disk, copy.name.toString(), Effect.NONE, e);
    }
  }

  private void removeEverywhere(Name name) {
    for (Disk disk : disks) {
      try {
        if (has(disk, name)) {
          disk.delete(name.toString());
          disk.sync();
        }
      } catch (IOException e) {
        throw SegmentWriter.failure("remove", disk, name.toString(), Effect.NONE, e);
      }
    }
  }

  /** Puts a whole copy in the place of one that is missing or differs. */
  void copy(Disk from, Disk to, Name name) {
    String making = "copy.tmp";
    try (DiskFile source = from.open(name.toString(), Access.READ);
        DiskFile target = to.open(making, Access.MAKE)) {
      byte[] bytes = new byte[COPY_BYTES];
      long size = source.size();
      for (long done = 0; done < size; done += bytes.length) {
        int n = source.read(done, bytes, 0, (int) Math.min(bytes.length, size - done));
        target.write(done, bytes, 0, n);
      }
      target.force();
      to.rename(making, name.toString());
      to.sync();
      observer.count("journal.mirror.copied", 1);
    } catch (IOException e) {
      throw SegmentWriter.failure("copy", to, name.toString(), Effect.NONE, e);
    }
  }
}
