package dev.ashlar.messaging.journal;

import dev.ashlar.messaging.journal.Disk.Access;
import dev.ashlar.messaging.journal.Disk.DiskFile;
import dev.ashlar.messaging.journal.SegmentFormat.Header;
import java.io.IOException;
import java.util.List;

/*
 * A file that grows costs a journal entry of the file system with every force; one that is full of
 * zeros does not (1.4 to 1.75 times the appends, research on performance, section 1b). So the next
 * segment is written full of zeros before it is needed:
 *
 *   spare.tmp  ->  zeros, forced, renamed  ->  spare.zero  ->  header, forced, renamed  ->  a segment
 *
 * The zeros are written in small pieces: Linux 6.18 keeps what one write brings in one large folio,
 * and a later write of a hundred bytes walks over all blocks of its folio. After pieces of 1 MiB an
 * append without force took 2.9 us of CPU, after pieces of 64 KiB or less 1.3 us.
 *
 * It also means that a disk is found full here, where nothing hangs on it, and never by a batch.
 */
/** The next segment of one folder, made ahead of its use. */
final class Spare {

  static final String MAKING = "spare.tmp";
  static final String READY = "spare.zero";
  private static final String OWN = "spare.own";

  private static final byte[] ZEROS = new byte[64 << 10];

  private Spare() {}

  /** Makes a spare, in a thread of its own while another may already need one. */
  static void prepare(Disk disk, int bytes) throws IOException {
    List<String> names = disk.names();
    if (!names.contains(READY)) {
      fill(disk, MAKING, bytes).close();
      disk.rename(MAKING, READY);
    }
  }

  /** Gives the spare a header and its name; makes one if there is none. */
  static DiskFile turnInto(Disk disk, Header header) throws IOException {
    DiskFile file = take(disk, header.sizeBytes());
    try {
      byte[] bytes = SegmentFormat.encode(header);
      file.write(0, bytes, 0, bytes.length);
      file.force();
      file.close();
      disk.rename(OWN, header.name().toString());
      disk.sync();
      return disk.open(header.name().toString(), Access.WRITE);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static DiskFile take(Disk disk, int bytes) throws IOException {
    if (disk.names().contains(READY)) {
      disk.rename(READY, OWN);
      DiskFile file = disk.open(OWN, Access.WRITE);
      if (file.size() == bytes) {
        return file;
      }
      file.close();
    }
    return fill(disk, OWN, bytes);
  }

  private static DiskFile fill(Disk disk, String name, int bytes) throws IOException {
    DiskFile file = disk.open(name, Access.MAKE);
    try {
      for (int done = 0; done < bytes; done += ZEROS.length) {
        file.write(done, ZEROS, 0, Math.min(ZEROS.length, bytes - done));
      }
      file.force();
      return file;
    } catch (IOException | RuntimeException e) {
      file.close();
      disk.delete(name);
      throw e;
    }
  }
}
