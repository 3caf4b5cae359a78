package dev.ashlar.examples.benchmarks.queue;

import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.benchmarks.Peer;
import java.nio.file.Path;
import java.util.List;

/**
 * A queue to compare.
 *
 * @param peer its name, and what an acknowledged send and an acknowledged settlement survive
 * @param opener opens it
 */
record QueuePeer(Peer peer, Opener opener) {

  /** All of them, the yardstick first. A further one is added here. */
  static final List<QueuePeer> ALL =
      List.of(
          new QueuePeer(
              new Peer(
                  "yardstick",
                  "Yardstick: two records of yardstick C",
                  "send and settlement: loss of power; handed over in memory, no redelivery, no"
                      + " bound, nothing freed"),
              (folder, shape, time) -> new YardstickQueue(folder, time)),
          new QueuePeer(
              new Peer(
                  "ashlar-queue",
                  "Ashlar queue",
                  "send and settlement: loss of power; with redelivery, attempts counted before a"
                      + " message is handed out, order by key, a bound, and segments freed"),
              (folder, shape, time) -> new EngineQueue(folder, time)),
          new QueuePeer(
              new Peer(
                  "artemis",
                  "Artemis broker 2.56.0 inside the process, buffer timer 100 us",
                  "send and settlement: loss of power; one at a time each call waits for it, a"
                      + " batch is one transaction for the sends and one for the acks"),
              (folder, shape, time) -> new ArtemisQueue(folder, shape.batch() > 1)),
          new QueuePeer(
              new Peer(
                  "postgresql",
                  "PostgreSQL 18.6 over the loopback, SKIP LOCKED delete",
                  "send and settlement: loss of power; the work must run inside the transaction"),
              (folder, shape, time) -> PostgresQueue.open(folder, time)),
          new QueuePeer(
              new Peer(
                  "sqlite",
                  "SQLite 3.54.1 WAL table",
                  "send and settlement: loss of power, synchronous=FULL; one connection behind a"
                      + " lock, the work must run inside the transaction"),
              (folder, shape, time) -> SqliteQueue.open(folder, time)),
          new QueuePeer(
              new Peer(
                  "h2",
                  "H2 2.4.240 table",
                  "send and settlement: loss of power, CHECKPOINT SYNC shared by all that waited;"
                      + " one connection behind a lock, the work must run inside the transaction"),
              (folder, shape, time) -> H2Queue.open(folder, time)));

  static QueuePeer named(String name) {
    return ALL.stream()
        .filter(one -> one.peer().name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("name: " + name + " (expected: a peer)"));
  }

  /** Opens a queue in a folder that is there, empty or with what an earlier opening left. */
  @FunctionalInterface
  interface Opener {

    /** Opens. */
    DurableQueue open(Path folder, Shape shape, TimeSource time) throws Exception;
  }
}
