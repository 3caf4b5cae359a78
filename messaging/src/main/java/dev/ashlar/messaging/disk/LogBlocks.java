package dev.ashlar.messaging.disk;

import dev.ashlar.messaging.log.LogOptions;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/*
 * The journal's numbers, in blocks. For each block it is known how many records of each partition it
 * has, how many bytes, and which is the last; and when the last of all came:
 *
 *   number    1              1025           2049         3073
 *             +--------------+--------------+------------+---
 *   part. 0   | 1024, 140 kB |  900, 120 kB |            |
 *   part. 1   |              |  124,  17 kB | 1024, ...  |
 *   stamp     |        10:00 |        10:07 |      10:09 |
 *
 * That is the index: a reader of partition 1 begins at 1025 and one of partition 0 jumps over 2049;
 * a reading from a time begins in the first block that is not older; what a group is behind is a sum.
 * And it is what retention removes: blocks from the front, and blocks of one partition.
 *
 * There are never more than a fixed number of blocks. Where there would be, neighbours are put
 * together, all of them, and blocks are made twice as large from then on.
 */
/** The index of a log on disk, and its retention; told the time, touches no file. */
final class LogBlocks {

  private static final int RECORDS = 1024;
  private static final int MOST = 1024;
  private static final int LEAST = 64;
  private static final int INDEX_BYTES = 256 << 10;

  /** Retention is this exact: it removes a sixteenth at a time. */
  private static final int PARTS = 16;

  private final LogOptions options;
  private final int most;
  private final long partNanos;
  private final long partBytes;
  private final List<LogBlock> blocks = new ArrayList<>();
  private final long[] counts;
  private final long[] lasts;
  private final long[] trimmed;
  private final long[] trimmedCounts;
  private final long[] bytes;
  private long bytesOfAll;
  private int coarse = 1;
  private boolean over;

  LogBlocks(LogOptions options) {
    int partitions = options.partitions();
    this.options = options;
    this.most = Math.max(LEAST, Math.min(MOST, INDEX_BYTES / (24 * partitions + 32)));
    this.partNanos = options.retention().toNanos() / PARTS;
    this.partBytes = options.retentionBytes() / PARTS;
    this.counts = new long[partitions];
    this.lasts = new long[partitions];
    this.trimmed = new long[partitions];
    this.trimmedCounts = new long[partitions];
    this.bytes = new long[partitions];
  }

  /** Takes note of the next record. */
  void add(long number, int partition, int size, long stamp, long nowNanos) {
    LogBlock block = blocks.isEmpty() ? null : blocks.get(blocks.size() - 1);
    if (block == null || isFull(block, nowNanos)) {
      block = new LogBlock(number, nowNanos, options.partitions());
      blocks.add(block);
      halveIfTooMany();
    }
    block.add(number, partition, size);
    block.stamp = stamp;
    block.lastNanos = nowNanos;
    counts[partition]++;
    lasts[partition] = number;
    bytes[partition] += size;
    bytesOfAll += size;
    over |= bytes[partition] > options.retentionBytes();
  }

  private boolean isFull(LogBlock block, long nowNanos) {
    return block.records / coarse >= RECORDS
        || block.bytesOfOne / coarse > partBytes
        || nowNanos - block.firstNanos > partNanos;
  }

  private void halveIfTooMany() {
    if (blocks.size() <= most) {
      return;
    }
    List<LogBlock> halved = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i += 2) {
      LogBlock block = blocks.get(i);
      if (i + 1 < blocks.size()) {
        block.append(blocks.get(i + 1));
      }
      halved.add(block);
    }
    blocks.clear();
    blocks.addAll(halved);
    coarse = Math.min(2 * coarse, 1 << 30);
  }

  /** Lets go of what is too old or too much. */
  void trim(long nowNanos) {
    long bytesMax = saturated(options.retentionBytes(), options.partitions());
    while (!blocks.isEmpty() && (isOld(nowNanos) || (bytesOfAll > bytesMax && blocks.size() > 1))) {
      LogBlock gone = blocks.remove(0);
      for (int partition = 0; partition < counts.length; partition++) {
        trim(gone, partition);
      }
    }
    if (over) {
      over = false;
      for (int partition = 0; partition < counts.length; partition++) {
        trimBySize(partition);
      }
      blocks.removeIf(block -> block.records == 0);
    }
  }

  private static long saturated(long a, long b) {
    return a > Long.MAX_VALUE / b ? Long.MAX_VALUE : a * b;
  }

  private boolean isOld(long nowNanos) {
    return nowNanos - blocks.get(0).lastNanos >= options.retention().toNanos();
  }

  private void trim(LogBlock block, int partition) {
    if (block.counts[partition] > 0) {
      trimmed[partition] = block.lasts[partition];
      trimmedCounts[partition] += block.counts[partition];
      bytes[partition] -= block.bytes[partition];
      bytesOfAll -= block.bytes[partition];
      block.clear(partition);
    }
  }

  /** The newest block of a partition stays, or a record could go before anybody has seen it. */
  private void trimBySize(int partition) {
    for (LogBlock block : blocks) {
      if (bytes[partition] <= options.retentionBytes()
          || block.lasts[partition] == lasts[partition]) {
        return;
      }
      trim(block, partition);
    }
  }

  /** The number of the oldest record that retention has left; 0 if there is none. */
  long keptFrom() {
    return blocks.isEmpty() ? 0 : blocks.get(0).first;
  }

  /** The place in front of the oldest record that is left. */
  LogPlace beginning(int partition) {
    return new LogPlace(trimmed[partition], trimmedCounts[partition]);
  }

  /** The place behind the last record. */
  LogPlace end(int partition) {
    return new LogPlace(lasts[partition], counts[partition]);
  }

  boolean isEmpty(int partition) {
    return counts[partition] == trimmedCounts[partition];
  }

  /** The first number behind another at which there may be a record of a partition; -1 if none. */
  long next(int partition, long after) {
    if (lasts[partition] <= after || isEmpty(partition)) {
      return -1;
    }
    for (int i = indexOf(after + 1); i < blocks.size(); i++) {
      LogBlock block = blocks.get(i);
      if (block.counts[partition] > 0 && block.lasts[partition] > after) {
        return Math.max(block.first, after + 1);
      }
    }
    return -1;
  }

  /** The first number at which there may be a record of a moment or later; -1 if none. */
  long since(long stamp) {
    for (LogBlock block : blocks) {
      if (block.stamp >= stamp) {
        return block.first;
      }
    }
    return -1;
  }

  /** The place in front of the block that holds a number, from which records can be counted. */
  LogPlace floor(int partition, long number) {
    int index = indexOf(number);
    long count = trimmedCounts[partition];
    for (int i = 0; i < index; i++) {
      count += blocks.get(i).counts[partition];
    }
    return new LogPlace(blocks.get(index).first - 1, count);
  }

  /** The block that holds a number, or the first. */
  private int indexOf(long number) {
    int low = 0;
    int high = blocks.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (blocks.get(middle).first <= number) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  int size() {
    return blocks.size();
  }

  void writeTo(DataOutputStream out) throws IOException {
    out.writeInt(coarse);
    for (int i = 0; i < counts.length; i++) {
      out.writeLong(counts[i]);
      out.writeLong(lasts[i]);
      out.writeLong(trimmed[i]);
      out.writeLong(trimmedCounts[i]);
    }
    out.writeInt(blocks.size());
    for (LogBlock block : blocks) {
      block.writeTo(out);
    }
  }

  /** Elapsed time ends with a process, so once, here, the wall clock says how old blocks are. */
  void readFrom(DataInputStream in, long nowNanos, long wallNanos) throws IOException {
    coarse = in.readInt();
    for (int i = 0; i < counts.length; i++) {
      counts[i] = in.readLong();
      lasts[i] = in.readLong();
      trimmed[i] = in.readLong();
      trimmedCounts[i] = in.readLong();
    }
    int size = in.readInt();
    for (int i = 0; i < size; i++) {
      LogBlock block = LogBlock.readFrom(in, counts.length);
      block.lastNanos = nowNanos - Math.max(0, wallNanos - block.stamp);
      block.firstNanos = block.lastNanos;
      blocks.add(block);
      for (int partition = 0; partition < counts.length; partition++) {
        bytes[partition] += block.bytes[partition];
        bytesOfAll += block.bytes[partition];
      }
    }
    over = true;
  }
}
