package dev.ashlar.examples.benchmarks.log;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.benchmarks.Allocation;
import dev.ashlar.examples.benchmarks.BadUse;
import dev.ashlar.examples.benchmarks.Cell;
import dev.ashlar.examples.benchmarks.Crew;
import dev.ashlar.examples.benchmarks.Figures;
import dev.ashlar.examples.benchmarks.Folders;
import dev.ashlar.examples.benchmarks.Goal;
import dev.ashlar.examples.benchmarks.Heap;
import dev.ashlar.examples.benchmarks.Measured;
import dev.ashlar.examples.benchmarks.Peer;
import dev.ashlar.examples.benchmarks.Records;
import dev.ashlar.examples.benchmarks.Settings;
import dev.ashlar.examples.benchmarks.Suite;
import dev.ashlar.examples.benchmarks.Tally;
import dev.ashlar.examples.benchmarks.Window;
import dev.ashlar.examples.benchmarks.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The durable log: appends acknowledged when durable, reading back, and opening after a halt. */
public final class LogSuite implements Suite {

  private static final int RECORD_BYTES_LEAST = 16;
  private static final int RECORD_BYTES_MOST = 60_000;
  private static final int PRODUCERS_MOST = 1024;
  private static final int IN_FLIGHT_MOST = 60_000;
  private static final String ALLOCATED = "bytes allocated per record, beyond its array";

  /** Who does what in a short run; everyone where nothing is said. */
  private static final Map<String, String> SHORT_PEERS =
      Map.of(
          "append", "yardstick-c ashlar-journal ashlar-log chronicle artemis rocksdb sqlite",
          "pipelined", "yardstick-c ashlar-journal ashlar-log chronicle artemis",
          "os", "yardstick-c ashlar-journal ashlar-log chronicle artemis",
          "read", "yardstick-c ashlar-journal ashlar-log chronicle h2",
          "reopen", "yardstick-c ashlar-journal ashlar-log chronicle h2 rocksdb");

  private static final String YARDSTICK = "yardstick-c";

  /** Peers whose acknowledged append survives a loss of power. */
  private static final String[] DURABLE = {"chronicle", "artemis", "rocksdb", "sqlite", "h2"};

  /** Bytes for each record beside its payload. */
  private static final double ALLOCATED_MOST = 64;

  private static final double NANOS_PER_MILLI = 1e6;
  private static final double BYTES_PER_MEGABYTE = 1e6;

  @Override
  public String name() {
    return "log";
  }

  @Override
  public List<Peer> peers() {
    return LogPeer.ALL.stream().map(LogPeer::peer).toList();
  }

  @Override
  public Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("cases", "append,pipelined,os,read,reopen");
    defaults.put("records", "100");
    defaults.put("producers", "64,16,1");
    defaults.put("in-flight", "1000");
    defaults.put("read-records", "1000000");
    defaults.put("reopen-records", "10000000");
    defaults.put("volume-records", "100000000");
    return defaults;
  }

  @Override
  public Map<String, String> shorter() {
    return Map.of("read-records", "500000");
  }

  @Override
  public List<Goal> goals() {
    List<Goal> goals = new ArrayList<>();
    for (String peer : List.of("ashlar-journal", "ashlar-log")) {
      for (String producers : List.of("append-64", "append-16", "append-1")) {
        goals.add(Goal.times(peer, producers, 1.0, YARDSTICK));
      }
      goals.add(Goal.times(peer, "append-64", 1.0, DURABLE));
      goals.add(Goal.times(peer, "pipelined", 0.8, YARDSTICK));
      goals.add(Goal.times(peer, "os", 1.5, DURABLE));
      goals.add(Goal.times(peer, "read", 1.0, "chronicle"));
      goals.add(Goal.atMost(peer, "reopen", Figures.MAIN, 150));
      goals.add(Goal.atMost(peer, "pipelined", ALLOCATED, ALLOCATED_MOST));
    }
    return goals;
  }

  /** Shortly, only those who matter: what is slow to fill, or slow by far, is left out. */
  @Override
  public boolean takesPart(Peer peer, Workload workload, Settings settings) {
    if (workload.id().equals("os") && peer.name().equals("yardstick-a")) {
      // Without force it is yardstick C.
      return false;
    }
    String who = SHORT_PEERS.getOrDefault(workload.id().split("-", 2)[0], peer.name());
    return settings.text("short").isEmpty() || List.of(who.split(" ", -1)).contains(peer.name());
  }

  @Override
  public List<Workload> workloads(Settings settings) throws BadUse {
    List<Workload> workloads = new ArrayList<>();
    for (String name : settings.words("cases")) {
      switch (name) {
        case "append" -> workloads.addAll(appends(settings));
        case "pipelined" -> workloads.add(pipelined(settings));
        case "os" -> workloads.add(workload("os", "1 producer", "no force", "acks/s", settings));
        case "read" ->
            workloads.add(workload("read", "read back", "page cache warm", "records/s", settings));
        case "reopen" -> workloads.add(reopen(settings));
        case "volume" ->
            workloads.add(workload("volume", "all", "forced, then read", "written/s", settings));
        default ->
            throw new BadUse(
                "--cases: " + name + " (expected: append, pipelined, os, read, reopen or volume)");
      }
    }
    return List.copyOf(workloads);
  }

  private static List<Workload> appends(Settings settings) throws BadUse {
    List<Workload> workloads = new ArrayList<>();
    for (long producers : settings.numbers("producers", 1, PRODUCERS_MOST)) {
      String title = producers == 1 ? "1 producer" : producers + " producers";
      workloads.add(workload("append-" + producers, title, "forced", "acks/s", settings));
    }
    return workloads;
  }

  private static Workload pipelined(Settings settings) throws BadUse {
    String title = "1 thread, " + inFlight(settings) + " in flight";
    return workload("pipelined", title, "forced", "acks/s", settings);
  }

  private static Workload reopen(Settings settings) throws BadUse {
    String title = String.format(Locale.ROOT, "%,d records", reopenRecords(settings));
    String table = "reopen after a halt until one more append is forced";
    return new Workload("reopen", title, bytes(settings) + table, "ms", true);
  }

  private static Workload workload(
      String id, String title, String table, String unit, Settings settings) throws BadUse {
    return new Workload(id, title, bytes(settings) + table, unit, false);
  }

  private static String bytes(Settings settings) throws BadUse {
    return recordBytes(settings) + "-byte records, ";
  }

  private static int recordBytes(Settings settings) throws BadUse {
    return (int) settings.number("records", RECORD_BYTES_LEAST, RECORD_BYTES_MOST);
  }

  private static int inFlight(Settings settings) throws BadUse {
    return (int) settings.number("in-flight", 1, IN_FLIGHT_MOST);
  }

  private static long reopenRecords(Settings settings) throws BadUse {
    return settings.number("reopen-records", 1, Long.MAX_VALUE);
  }

  @Override
  public Figures measure(Cell cell) throws Exception {
    LogPeer peer = LogPeer.named(cell.peer());
    peer.library().load();
    Records records = new Records(recordBytes(cell.settings()));
    return switch (cell.workload().id()) {
      case "pipelined" -> pipeline(peer, cell, records);
      case "os" -> append(peer, cell, records, 1, Durability.OS);
      case "read" -> read(peer, cell, records);
      case "reopen" -> reopen(peer, cell, records);
      case "volume" -> volume(peer, cell, records);
      default -> append(peer, cell, records, producers(cell), Durability.DISK);
    };
  }

  private static Figures volume(LogPeer peer, Cell cell, Records records) throws Exception {
    Settings settings = cell.settings();
    long asked = settings.number("volume-records", 1, Long.MAX_VALUE);
    long count = Heap.recordsThatFit(asked, recordBytes(settings), cell.folder());
    return new Volume(peer, cell, records, deadline(cell)).measure(count, inFlight(settings));
  }

  private static int producers(Cell cell) {
    String id = cell.workload().id();
    return Integer.parseInt(id.substring(id.indexOf('-') + 1));
  }

  private static Figures append(
      LogPeer peer, Cell cell, Records records, int producers, Durability durability)
      throws Exception {
    Measured measured;
    double allocated;
    try (DurableLog log = peer.opener().open(cell.folder(), durability, cell.time())) {
      Window window = Window.fromNow(cell.settings(), cell.time());
      Crew crew = Producers.block(log, records, producers, window);
      measured = crew.join(Producers.ROLE);
      allocated = measured.allocatedForEach(crew.allocatedByOthers());
    }
    verify(peer, cell, records, measured.acknowledged());
    return Figures.of(measured.perSecond())
        .with("p50 of one append, us", measured.latencies().micros(0.5))
        .with("p99 of one append, us", measured.latencies().micros(0.99))
        .with(ALLOCATED, allocated - Allocation.arrayBytes(recordBytes(cell.settings())));
  }

  private static Figures pipeline(LogPeer peer, Cell cell, Records records) throws Exception {
    Measured measured;
    double allocated;
    try (DurableLog log = peer.opener().open(cell.folder(), Durability.DISK, cell.time())) {
      Window window = Window.fromNow(cell.settings(), cell.time());
      Crew crew = Producers.pipeline(log, records, inFlight(cell.settings()), window);
      measured = crew.join(Producers.ROLE);
      allocated = measured.allocatedForEach(crew.allocatedByOthers());
    }
    verify(peer, cell, records, measured.acknowledged());
    return Figures.of(measured.perSecond())
        .with(ALLOCATED, allocated - Allocation.arrayBytes(recordBytes(cell.settings())));
  }

  /** Opens again and looks at every byte; not part of what is measured. */
  private static void verify(LogPeer peer, Cell cell, Records records, Tally acknowledged)
      throws Exception {
    try (DurableLog log = peer.opener().open(cell.folder(), Durability.DISK, cell.time())) {
      Tally read = new Tally();
      log.read(record -> records.check(record, read));
      acknowledged.expect(read);
    }
  }

  private static Figures read(LogPeer peer, Cell cell, Records records) throws Exception {
    long count = cell.settings().number("read-records", 1, Long.MAX_VALUE);
    Tally filled = fill(peer, cell, records, count);
    TimeSource time = cell.time();
    try (DurableLog log = peer.opener().open(cell.folder(), Durability.OS, time)) {
      verifyOpen(log, records, filled);
      Window window = Window.fromNow(cell.settings(), time);
      long passes = 0;
      long most = window.countMost();
      long start = time.nanos();
      while (passes == 0 || !(window.isOver(time.nanos()) || passes * count >= most)) {
        if (!window.counts(start)) {
          passes = 0;
          start = time.nanos();
        }
        Tally read = new Tally();
        log.read(record -> records.count(record, read));
        filled.expect(read);
        passes++;
      }
      return Figures.of(passes * count * 1e9 / (time.nanos() - start));
    }
  }

  private static void verifyOpen(DurableLog log, Records records, Tally filled) throws Exception {
    Tally read = new Tally();
    log.read(record -> records.check(record, read));
    filled.expect(read);
  }

  private static Tally fill(LogPeer peer, Cell cell, Records records, long count) throws Exception {
    try (DurableLog log = peer.opener().open(cell.folder(), Durability.OS, cell.time())) {
      return Producers.fill(log, records, count, inFlight(cell.settings()), deadline(cell));
    }
  }

  private static Deadline deadline(Cell cell) throws BadUse {
    long seconds = cell.settings().number("cell-limit-seconds", 1, 86_400);
    return Deadline.after(Duration.ofSeconds(seconds), cell.time());
  }

  /** Only the reopening needs it; the log stays open, as the halt is what it is about. */
  @Override
  public void prepare(Cell cell) throws Exception {
    Records records = new Records(recordBytes(cell.settings()));
    LogPeer peer = LogPeer.named(cell.peer());
    peer.library().load();
    DurableLog log = peer.opener().open(cell.folder(), Durability.OS, cell.time());
    long count = reopenRecords(cell.settings());
    Producers.fill(log, records, count, inFlight(cell.settings()), deadline(cell));
    Files.writeString(reopened(cell), "0");
  }

  /** The log stays open again; the next repetition finds what this one left. */
  private static Figures reopen(LogPeer peer, Cell cell, Records records) throws Exception {
    long before = Long.parseLong(Files.readString(reopened(cell)));
    long count = reopenRecords(cell.settings()) + before;
    Deadline deadline = deadline(cell);
    long start = cell.time().nanos();
    DurableLog log = peer.opener().open(cell.folder(), Durability.DISK, cell.time());
    log.append(records.make(count), deadline);
    double millis = (cell.time().nanos() - start) / NANOS_PER_MILLI;
    Files.writeString(reopened(cell), Long.toString(before + 1));
    Tally expected = new Tally();
    for (long n = 0; n <= count; n++) {
      expected.add(n);
    }
    verifyOpen(log, records, expected);
    double megabytes = Folders.sizeBytes(cell.folder()) / BYTES_PER_MEGABYTE;
    return Figures.of(millis).with("size of the files, MB", megabytes);
  }

  /** How often the log was opened again. */
  private static Path reopened(Cell cell) {
    return cell.folder().resolveSibling(cell.folder().getFileName() + ".reopened");
  }
}
