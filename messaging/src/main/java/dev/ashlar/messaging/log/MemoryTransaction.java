package dev.ashlar.messaging.log;

import java.util.ArrayList;
import java.util.List;

/** What a transaction of a log in memory has appended so far. */
final class MemoryTransaction {

  final long begunNanos;
  private final List<Place> places = new ArrayList<>();
  private boolean open = true;

  MemoryTransaction(long begunNanos) {
    this.begunNanos = begunNanos;
  }

  boolean isOpen() {
    return open;
  }

  boolean isFull() {
    return places.size() >= EventLog.BATCH_MAX;
  }

  void add(MemoryPartition partition, long number) {
    places.add(new Place(partition, number));
  }

  /** All its records become readable at one moment, or none ever. */
  void end(boolean committed) {
    open = false;
    for (Place place : places) {
      place.partition().decide(place.number(), committed);
    }
  }

  boolean holdsBack(MemoryPartition partition) {
    return places.stream().anyMatch(place -> place.partition() == partition);
  }

  private record Place(MemoryPartition partition, long number) {}
}
