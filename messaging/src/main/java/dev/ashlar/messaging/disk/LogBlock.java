package dev.ashlar.messaging.disk;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** A run of a journal's numbers, and what it has of each partition; see {@link LogBlocks}. */
final class LogBlock {

  final long first;
  final int[] counts;
  final long[] bytes;
  final long[] lasts;

  long firstNanos;
  long lastNanos;
  long stamp;
  long records;

  /** The bytes of the partition that has most here. */
  long bytesOfOne;

  LogBlock(long first, long nowNanos, int partitions) {
    this.first = first;
    this.firstNanos = nowNanos;
    this.counts = new int[partitions];
    this.bytes = new long[partitions];
    this.lasts = new long[partitions];
  }

  void add(long number, int partition, int size) {
    counts[partition]++;
    bytes[partition] += size;
    lasts[partition] = number;
    records++;
    bytesOfOne = Math.max(bytesOfOne, bytes[partition]);
  }

  /** Takes up the block behind this one. */
  void append(LogBlock next) {
    for (int i = 0; i < counts.length; i++) {
      if (next.counts[i] > 0) {
        counts[i] += next.counts[i];
        bytes[i] += next.bytes[i];
        lasts[i] = next.lasts[i];
        bytesOfOne = Math.max(bytesOfOne, bytes[i]);
      }
    }
    records += next.records;
    stamp = next.stamp;
    lastNanos = next.lastNanos;
  }

  void clear(int partition) {
    records -= counts[partition];
    counts[partition] = 0;
    bytes[partition] = 0;
  }

  void writeTo(DataOutputStream out) throws IOException {
    out.writeLong(first);
    out.writeLong(stamp);
    for (int i = 0; i < counts.length; i++) {
      out.writeInt(counts[i]);
      if (counts[i] > 0) {
        out.writeLong(bytes[i]);
        out.writeLong(lasts[i]);
      }
    }
  }

  static LogBlock readFrom(DataInputStream in, int partitions) throws IOException {
    LogBlock block = new LogBlock(in.readLong(), 0, partitions);
    block.stamp = in.readLong();
    for (int i = 0; i < partitions; i++) {
      block.counts[i] = in.readInt();
      if (block.counts[i] > 0) {
        block.bytes[i] = in.readLong();
        block.lasts[i] = in.readLong();
        block.records += block.counts[i];
        block.bytesOfOne = Math.max(block.bytesOfOne, block.bytes[i]);
      }
    }
    return block;
  }
}
