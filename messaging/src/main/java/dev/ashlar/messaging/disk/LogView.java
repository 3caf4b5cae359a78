package dev.ashlar.messaging.disk;

import dev.ashlar.messaging.log.LogOptions;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/*
 * A checkpoint's bytes. Numbers are big-endian.
 *
 *   version, u8: 1
 *   generation, i32: how often the log was opened, the opening that writes this included
 *   greatest stamp, i64
 *   partitions, u16
 *   index and retention, see LogBlocks
 *   groups, i32; for each its name, u16 and bytes, and a place for each partition
 */
/**
 * What a log knows of its journal up to some number: the same whether it was told record by record,
 * or of a checkpoint and the records behind it. Under its log's lock.
 */
final class LogView {

  private static final int VERSION = 1;

  final LogOptions options;
  final LogBlocks blocks;
  final LogTail tail;
  final List<String> partitions = new ArrayList<>();
  final Map<String, LogGroup> groups = new LinkedHashMap<>();

  private int generation = 1;

  /** The greatest epoch of a group that was forgotten in this opening. */
  private long epochsBehind;

  private long lastStamp;

  /** The number of the first record that is not known here. */
  private long applied;

  LogView(LogOptions options) {
    this.options = options;
    this.blocks = new LogBlocks(options);
    this.tail = new LogTail(options.partitions());
    for (int i = 0; i < options.partitions(); i++) {
      partitions.add(LogFormat.id(i));
    }
  }

  long applied() {
    return applied;
  }

  long lastStamp() {
    return lastStamp;
  }

  /** Takes the next record, which stands in an array. */
  void apply(byte[] array, int offset, int length, long nowNanos) {
    if (length > 0 && array[offset] == LogFormat.MESSAGE) {
      applyMessage(array, offset, length, nowNanos);
    } else {
      applyOther(LogFormat.slice(array, offset, length));
      tail.pass(applied);
    }
    applied++;
  }

  private void applyMessage(byte[] array, int offset, int length, long nowNanos) {
    int partition = checked(applied, LogFormat.partition(array, offset));
    lastStamp = LogFormat.stamp(array, offset);
    blocks.add(applied, partition, length, lastStamp, nowNanos);
    tail.add(applied, partition, array, offset, length);
  }

  private void applyOther(byte[] record) {
    switch (record.length == 0 ? 0 : record[0]) {
      case LogFormat.COMMIT ->
          group(LogFormat.name(record, 19))
              .commit(checked(applied, LogFormat.partition(record, 0)), LogFormat.place(record, 3));
      case LogFormat.GROUP -> applyGroup(applied, record);
      case LogFormat.FORGET -> applyForget(LogFormat.name(record, 1));
      case LogFormat.CHECKPOINT -> {}
      default -> throw LogFormat.unreadable("not one of a log, or of a later version", applied);
    }
  }

  private int checked(long number, int partition) {
    if (partition >= options.partitions()) {
      throw LogFormat.unreadable(
          "partition " + partition + " (expected: below " + options.partitions() + ")", number);
    }
    return partition;
  }

  private void applyGroup(long number, byte[] record) {
    int count = LogFormat.partition(record, 0);
    checked(number, count - 1);
    LogGroup group = group(LogFormat.name(record, 3 + 16 * count));
    for (int i = 0; i < count; i++) {
      group.commit(i, LogFormat.place(record, 3 + 16 * i));
    }
    group.durable = true;
  }

  private void applyForget(String name) {
    LogGroup gone = groups.remove(name);
    if (gone != null) {
      gone.forgetting = true;
      epochsBehind = Math.max(epochsBehind, gone.shares.epochMax());
    }
  }

  private LogGroup group(String name) {
    return groups.computeIfAbsent(
        name, key -> LogGroup.atTheBeginning(key, epochsBehind(), options.partitions()));
  }

  /** What the epochs of a new group are greater than. */
  long epochsBehind() {
    return Math.max((long) generation << 32, epochsBehind);
  }

  /** Returns what is known, as bytes. */
  byte[] checkpoint() {
    return LogFormat.gather(this::writeTo);
  }

  private void writeTo(DataOutputStream out) throws IOException {
    out.writeByte(VERSION);
    out.writeInt(generation);
    out.writeLong(lastStamp);
    out.writeShort(options.partitions());
    blocks.writeTo(out);
    out.writeInt(groups.size());
    for (LogGroup group : groups.values()) {
      group.writeTo(out);
    }
  }

  /**
   * Begins with what a checkpoint says, in another opening than the one that wrote it.
   *
   * @param covers the number of the first record that it does not know
   * @throws IllegalArgumentException if the log was made with another number of partitions
   */
  void restore(long covers, byte[] checkpoint, long nowNanos, long wallNanos) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(checkpoint))) {
      int version = in.readByte();
      if (version != VERSION) {
        throw LogFormat.unreadable("checkpoint of version " + version, covers);
      }
      generation = in.readInt() + 1;
      lastStamp = in.readLong();
      int made = in.readUnsignedShort();
      if (made != options.partitions()) {
        throw new IllegalArgumentException(
            "partitions: " + options.partitions() + " (expected: " + made + ", as it was made)");
      }
      blocks.readFrom(in, nowNanos, wallNanos);
      for (int i = 0; i < made; i++) {
        tail.goneUpTo(i, blocks.end(i).number());
      }
      int count = in.readInt();
      for (int i = 0; i < count; i++) {
        LogGroup group = LogGroup.readFrom(in, epochsBehind(), made);
        groups.put(group.name, group);
      }
      applied = covers;
    } catch (IOException e) {
      throw LogFormat.unreadable("a checkpoint that ends too early", covers);
    }
  }
}
