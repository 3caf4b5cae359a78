package dev.ashlar.messaging.disk;

import dev.ashlar.messaging.journal.DiskOptions;

/**
 * Where a queue keeps its files, and how much of it is in memory.
 *
 * @param disk the folders
 * @param heldMax how many messages may be in hand: delivered, delayed, waiting for a retry or for
 *     their key, parked, dead, or read ahead. Then nothing more is read from the backlog until one
 *     of them is gone
 * @param cacheBytesMax for messages in hand that are not with a consumer
 * @param checkpointRecords after how many records a checkpoint is due
 * @param checkpointBytes after how many bytes of messages, if that comes first
 */
record QueueBounds(
    DiskOptions disk, int heldMax, int cacheBytesMax, int checkpointRecords, long checkpointBytes) {

  static QueueBounds of(DiskOptions disk) {
    return new QueueBounds(disk, DiskQueue.HELD_MAX, 8 << 20, 100_000, 64L << 20);
  }
}
