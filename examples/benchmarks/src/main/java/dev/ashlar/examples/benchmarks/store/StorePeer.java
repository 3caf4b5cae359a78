package dev.ashlar.examples.benchmarks.store;

import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.benchmarks.Peer;
import java.nio.file.Path;
import java.util.List;

/**
 * An event store to compare.
 *
 * @param peer its name, and what an acknowledged append survives
 * @param opener opens it
 */
record StorePeer(Peer peer, Opener opener) {

  /** All of them; the first is what the others are compared with. A further one is added here. */
  static final List<StorePeer> ALL =
      List.of(
          new StorePeer(
              new Peer(
                  "sqlite",
                  "SQLite 3.54.1 WAL table, unique (stream, version)",
                  "loss of power, synchronous=FULL, a transaction for each append, one connection"
                      + " behind a lock; knows nothing of ids, so of retries"),
              (folder, forced, time) -> new SqliteStore(folder, forced)),
          new StorePeer(
              new Peer(
                  "ashlar-store",
                  "Ashlar event store",
                  "loss of power, one force for all that wait; a retry is known by the ids of its"
                      + " events; checksums verified"),
              EngineStore::new));

  static StorePeer named(String name) {
    return ALL.stream()
        .filter(one -> one.peer().name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("name: " + name + " (expected: a peer)"));
  }

  /** Opens a store in a folder that is there, empty or with what an earlier opening left. */
  @FunctionalInterface
  interface Opener {

    /** Opens, with each append forced or only handed to the operating system. */
    StreamStore open(Path folder, boolean forced, TimeSource time) throws Exception;
  }
}
