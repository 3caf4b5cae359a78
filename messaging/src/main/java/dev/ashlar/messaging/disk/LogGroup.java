package dev.ashlar.messaging.disk;

import dev.ashlar.messaging.log.PartitionShares;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** A group: who owns what, and how far it has come in each partition; under its log's lock. */
final class LogGroup {

  final String name;
  final PartitionShares shares;

  /** Whether the journal is known to have it. */
  boolean durable;

  /** Whether it is forgotten, or will be: nobody owns anything here again. */
  boolean forgetting;

  /** How many commits were decided whose records may not be in the journal's order yet. */
  int unwritten;

  private final LogPlace[] places;

  /**
   * Makes a group.
   *
   * @param epochsBehind what its epochs are greater than: each opening has its own, greater than
   *     those before, without one being written down
   */
  LogGroup(String name, long epochsBehind, LogPlace[] places) {
    this.name = name;
    this.shares = new PartitionShares(epochsBehind);
    this.places = places;
  }

  static LogGroup atTheBeginning(String name, long epochsBehind, int partitions) {
    LogPlace[] places = new LogPlace[partitions];
    Arrays.fill(places, LogPlace.BEGINNING);
    return new LogGroup(name, epochsBehind, places);
  }

  /** Moves forwards only: committing an earlier place again changes nothing. */
  void commit(int partition, LogPlace place) {
    places[partition] = places[partition].orLater(place);
  }

  LogPlace committed(int partition) {
    return places[partition];
  }

  LogPlace[] places() {
    return places.clone();
  }

  void tick(List<String> partitions, long nowNanos) {
    shares.tick(partitions, nowNanos);
  }

  void writeTo(DataOutputStream out) throws IOException {
    out.writeUTF(name);
    for (LogPlace place : places) {
      out.writeLong(place.number());
      out.writeLong(place.ordinal());
    }
  }

  static LogGroup readFrom(DataInputStream in, long epochsBehind, int partitions)
      throws IOException {
    String name = in.readUTF();
    LogPlace[] places = new LogPlace[partitions];
    for (int i = 0; i < partitions; i++) {
      places[i] = new LogPlace(in.readLong(), in.readLong());
    }
    LogGroup group = new LogGroup(name, epochsBehind, places);
    group.durable = true;
    return group;
  }
}
