package dev.ashlar.messaging.journal;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;

/**
 * Where a disk engine keeps its files, and within which bounds.
 *
 * <p>The folders may change from one opening to the next, and so may everything else: a folder that
 * is new or empty is filled from the others. One that was opened alone in between, and written to,
 * must be emptied first.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param folders one, or several on different disks that each hold a whole copy; 1 to 4
 * @param durability what an acknowledged append has survived
 * @param segmentBytes the size of one file, allocated in full before its first use: what {@link
 *     DiskException.Reason#FULL} is found by early, and the least that is ever freed; 64 KiB to 1
 *     GiB
 * @param recordMaxBytes the largest record; 1 to a quarter of a segment, at most 16 MiB. Two
 *     buffers of this size may be held
 */
public record DiskOptions(
    List<Path> folders, Durability durability, int segmentBytes, int recordMaxBytes) {

  /** The default of {@link #segmentBytes}: large enough that changing files costs nothing. */
  public static final int SEGMENT_BYTES = 64 << 20;

  /** The default of {@link #recordMaxBytes}. */
  public static final int RECORD_MAX_BYTES = 1 << 20;

  /** Checks and copies. */
  public DiskOptions {
    folders = List.copyOf(folders);
    requireNonNull(durability, "durability");
    if (folders.isEmpty() || folders.size() > 4 || new HashSet<>(folders).size() < folders.size()) {
      throw new IllegalArgumentException("folders: " + folders + " (expected: 1 to 4 different)");
    }
    if (segmentBytes < 64 << 10 || segmentBytes > 1 << 30 || segmentBytes % 4096 != 0) {
      throw new IllegalArgumentException(
          "segmentBytes: " + segmentBytes + " (expected: 65536 to 1073741824, in steps of 4096)");
    }
    int most = Math.min(segmentBytes / 4, 16 << 20);
    if (recordMaxBytes < 1 || recordMaxBytes > most) {
      throw new IllegalArgumentException(
          "recordMaxBytes: " + recordMaxBytes + " (expected: 1 to " + most + ")");
    }
  }

  /** Returns the options for one folder, {@link Durability#ON_APPEND}. */
  public static DiskOptions folder(Path folder) {
    return mirrors(folder);
  }

  /** Returns the options for several folders, each of which will hold everything. */
  public static DiskOptions mirrors(Path... folders) {
    return new DiskOptions(List.of(folders), Durability.ON_APPEND, SEGMENT_BYTES, RECORD_MAX_BYTES);
  }

  /** Returns these options with another durability. */
  public DiskOptions withDurability(Durability other) {
    return new DiskOptions(folders, other, segmentBytes, recordMaxBytes);
  }

  /** Returns these options with another size of files, and records up to a quarter of it. */
  public DiskOptions withSegmentBytes(int bytes) {
    return new DiskOptions(folders, durability, bytes, Math.min(recordMaxBytes, bytes / 4));
  }
}
