package dev.ashlar.examples.benchmarks.log;

import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.benchmarks.Peer;
import java.nio.file.Path;
import java.util.List;
import org.rocksdb.RocksDB;
import org.sqlite.SQLiteJDBCLoader;

/**
 * A log to compare.
 *
 * @param peer its name, and what an acknowledged append survives
 * @param library loads what is native, which would otherwise count as part of the first opening
 * @param opener opens it
 */
record LogPeer(Peer peer, Library library, Opener opener) {

  /** All of them, the yardstick first. A further one is added here. */
  static final List<LogPeer> ALL =
      List.of(
          new LogPeer(
              new Peer(
                  "yardstick-c",
                  "Yardstick C: zero-filled segments",
                  "forced: loss of power, after one force for all that waited; otherwise the end of"
                      + " the process, after one write() for all that waited"),
              () -> {},
              (folder, durability, time) ->
                  new GroupedLog(new YardstickStore(folder, true, durability), time)),
          new LogPeer(
              new Peer("yardstick-a", "Yardstick A: growing segments", "as yardstick C"),
              () -> {},
              (folder, durability, time) ->
                  new GroupedLog(new YardstickStore(folder, false, durability), time)),
          new LogPeer(
              new Peer(
                  "ashlar-journal",
                  "Ashlar journal",
                  "forced: loss of power, its own group commit; otherwise the end of the process,"
                      + " as it is mapped memory. Its reader verifies checksums"),
              () -> {},
              JournalLog::new),
          new LogPeer(
              new Peer(
                  "ashlar-log",
                  "Ashlar log",
                  "as the journal, on which it stands; each record is a message with an id and the"
                      + " moment of its append"),
              () -> {},
              EngineLog::new),
          new LogPeer(
              new Peer(
                  "chronicle",
                  "Chronicle Queue 2026.2",
                  "forced: loss of power, with SyncMode.SYNC and a sync() per group (the"
                      + " yardstick's group commit around it); otherwise the end of the process, as"
                      + " it is mapped memory. Its reader checks no checksum"),
              () -> {},
              (folder, durability, time) ->
                  new GroupedLog(new ChronicleStore(folder, durability), time)),
          new LogPeer(
              new Peer(
                  "artemis",
                  "Artemis journal 2.56.0, buffer timer 100 us",
                  "forced: loss of power, its own group commit paced by the timer; otherwise the"
                      + " end of the process, as its callback then comes after write() without"
                      + " force"),
              () -> {},
              ArtemisLog::new),
          new LogPeer(
              new Peer(
                  "rocksdb",
                  "RocksDB 11.8.1",
                  "forced: loss of power, put with sync and its own group commit (pipelined: one"
                      + " batch per group of the yardstick's group commit); otherwise the end of"
                      + " the process, after its write() to the WAL"),
              RocksDB::loadLibrary,
              RocksLog::new),
          new LogPeer(
              new Peer(
                  "sqlite",
                  "SQLite 3.54.1 WAL",
                  "forced: loss of power, synchronous=FULL, one transaction per group of the"
                      + " yardstick's group commit; otherwise the end of the process,"
                      + " synchronous=NORMAL"),
              SQLiteJDBCLoader::initialize,
              (folder, durability, time) ->
                  new GroupedLog(new SqliteStore(folder, durability), time)),
          new LogPeer(
              new Peer(
                  "h2",
                  "H2 MVStore 2.4.240",
                  "forced: loss of power, commit() and sync() per group of the yardstick's group"
                      + " commit; otherwise the end of the process, after commit() has written"),
              () -> {},
              (folder, durability, time) ->
                  new GroupedLog(new MvStoreStore(folder, durability), time)));

  static LogPeer named(String name) {
    return ALL.stream()
        .filter(one -> one.peer().name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("name: " + name + " (expected: a peer)"));
  }

  /** Opens a log in a folder that is there, empty or with what an earlier opening left. */
  @FunctionalInterface
  interface Opener {

    /** Opens. */
    DurableLog open(Path folder, Durability durability, TimeSource time) throws Exception;
  }

  /** Loads native code. */
  @FunctionalInterface
  interface Library {

    /** Loads. */
    void load() throws Exception;
  }
}
