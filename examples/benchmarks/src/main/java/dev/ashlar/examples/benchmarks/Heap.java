package dev.ashlar.examples.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a run keeps in memory, and how much the disk lets it write. */
public final class Heap {

  private static final double BYTES_PER_MEGABYTE = 1e6;

  /** Of the free space; others use the disk too. */
  private static final int PART_OF_DISK = 3;

  private Heap() {}

  /** Collects, and returns what is left, in megabytes. */
  public static double megabytesKept() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / BYTES_PER_MEGABYTE;
  }

  /**
   * Returns as many records of so many bytes as were asked for, or as a third of the disk takes.
   */
  public static long recordsThatFit(long asked, int bytes, Path folder) throws IOException {
    long free = Files.getFileStore(folder).getUsableSpace();
    return Math.min(asked, Math.max(1, free / PART_OF_DISK / bytes));
  }
}
