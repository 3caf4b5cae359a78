package dev.ashlar.examples.benchmarks.store;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.benchmarks.BadUse;
import dev.ashlar.examples.benchmarks.Cell;
import dev.ashlar.examples.benchmarks.Figures;
import dev.ashlar.examples.benchmarks.Folders;
import dev.ashlar.examples.benchmarks.Goal;
import dev.ashlar.examples.benchmarks.Heap;
import dev.ashlar.examples.benchmarks.Measured;
import dev.ashlar.examples.benchmarks.Peer;
import dev.ashlar.examples.benchmarks.Records;
import dev.ashlar.examples.benchmarks.Settings;
import dev.ashlar.examples.benchmarks.Suite;
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

/** The event store: new streams, streams that nobody used of late, and opening again. */
public final class StoreSuite implements Suite {

  private static final String NEW = "new";
  private static final String COLD = "cold";
  private static final String REOPEN = "reopen";

  /** The filling for a reopening appends so many at once; how they came is not what is measured. */
  private static final int EVENTS_PER_FILL = 100;

  private static final double NANOS_PER_MILLI = 1e6;
  private static final double BYTES_PER_MEGABYTE = 1e6;
  private static final String MEGABYTES = "size of the files, MB";
  private static final String KEPT = "heap kept, MB";

  @Override
  public String name() {
    return "store";
  }

  @Override
  public List<Peer> peers() {
    return StorePeer.ALL.stream().map(StorePeer::peer).toList();
  }

  @Override
  public Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("cases", "new,cold,reopen");
    defaults.put("records", "100");
    defaults.put("threads", "8");
    defaults.put("streams", "1000000");
    defaults.put("reopen-events", "10000000");
    return defaults;
  }

  /** Nearly all of the time goes into making millions of streams, which is done once. */
  @Override
  public Map<String, String> shorter() {
    return Map.of("repetitions", "3");
  }

  /** Seconds, and not a look at everything. */
  @Override
  public List<Goal> goals() {
    return List.of(Goal.atMost("ashlar-store", REOPEN, Figures.MAIN, 1000));
  }

  /** Shortly, the table takes no part where millions of rows have to be made first. */
  @Override
  public boolean takesPart(Peer peer, Workload workload, Settings settings) {
    return settings.text("short").isEmpty()
        || !workload.id().equals(REOPEN)
        || !peer.name().equals("sqlite");
  }

  @Override
  public List<Workload> workloads(Settings settings) throws BadUse {
    List<Workload> workloads = new ArrayList<>();
    String bytes = recordBytes(settings) + "-byte events, ";
    String threads = threads(settings) + " threads";
    for (String name : settings.words("cases")) {
      switch (name) {
        case NEW ->
            workloads.add(
                new Workload(NEW, threads, bytes + "new streams, forced", "acks/s", false));
        case COLD -> {
          String among = String.format(Locale.ROOT, "any of %,d streams", streams(settings));
          workloads.add(new Workload(COLD, threads, bytes + among + ", forced", "appends/s", true));
        }
        case REOPEN -> {
          String title = String.format(Locale.ROOT, "%,d events", reopenEvents(settings));
          String table = bytes + "reopen after a halt until one more append is forced";
          workloads.add(new Workload(REOPEN, title, table, "ms", true));
        }
        default -> throw new BadUse("--cases: " + name + " (expected: new, cold or reopen)");
      }
    }
    return List.copyOf(workloads);
  }

  private static int recordBytes(Settings settings) throws BadUse {
    return (int) settings.number("records", 16, 60_000);
  }

  private static int threads(Settings settings) throws BadUse {
    return (int) settings.number("threads", 1, 1000);
  }

  private static long streams(Settings settings) throws BadUse {
    return settings.number("streams", 1, 1L << 40);
  }

  private static long reopenEvents(Settings settings) throws BadUse {
    return settings.number("reopen-events", EVENTS_PER_FILL, 1L << 40);
  }

  /** The store stays open, as the halt is what the reopening is about. */
  @Override
  public void prepare(Cell cell) throws Exception {
    Settings settings = cell.settings();
    StreamStore store = open(cell, false);
    Streams streams = new Streams(store, new Records(recordBytes(settings)));
    long seconds = settings.number("cell-limit-seconds", 1, 86_400);
    TimeSource time = cell.time();
    Deadline deadline = Deadline.after(Duration.ofSeconds(seconds), time);
    Window all = new Window(time.nanos(), Long.MAX_VALUE, Long.MAX_VALUE, deadline, time);
    if (cell.workload().id().equals(REOPEN)) {
      long count = reopenEvents(settings) / EVENTS_PER_FILL;
      streams.fill(count, EVENTS_PER_FILL, threads(settings), all);
    } else {
      streams.fill(streams(settings), 1, threads(settings), all);
    }
    Files.writeString(opened(cell), "0");
  }

  private static StreamStore open(Cell cell, boolean forced) throws Exception {
    return StorePeer.named(cell.peer()).opener().open(cell.folder(), forced, cell.time());
  }

  @Override
  public Figures measure(Cell cell) throws Exception {
    return switch (cell.workload().id()) {
      case NEW -> appendNew(cell);
      case COLD -> cold(cell);
      default -> reopen(cell);
    };
  }

  private static Figures appendNew(Cell cell) throws Exception {
    Settings settings = cell.settings();
    try (StreamStore store = open(cell, true)) {
      Streams streams = new Streams(store, new Records(recordBytes(settings)));
      Measured done = streams.appendNew(threads(settings), Window.fromNow(settings, cell.time()));
      return figures(done);
    }
  }

  private static Figures figures(Measured appended) {
    return Figures.of(appended.perSecond())
        .with("p50 of one append, us", appended.latencies().micros(0.5))
        .with("p99 of one append, us", appended.latencies().micros(0.99));
  }

  private static Figures cold(Cell cell) throws Exception {
    Settings settings = cell.settings();
    long seed = seed(cell);
    long count = streams(settings);
    int threads = threads(settings);
    try (StreamStore store = open(cell, true)) {
      Streams streams = new Streams(store, new Records(recordBytes(settings)));
      Window first = Window.fromNow(settings, cell.time());
      Figures figures = figures(streams.appendCold(count, threads, seed, first));
      Window second = Window.fromNow(settings, cell.time());
      Measured read = streams.readCold(count, threads, seed, second);
      return figures
          .with("streams read/s", read.perSecond())
          .with("p50 of one read, us", read.latencies().micros(0.5))
          .with("p99 of one read, us", read.latencies().micros(0.99))
          .with(MEGABYTES, Folders.sizeBytes(cell.folder()) / BYTES_PER_MEGABYTE)
          .with(KEPT, Heap.megabytesKept());
    }
  }

  /** The store stays open again; the next repetition finds what this one left. */
  private static Figures reopen(Cell cell) throws Exception {
    Records records = new Records(recordBytes(cell.settings()));
    long seed = seed(cell);
    Deadline deadline = Deadline.after(Duration.ofMinutes(2), cell.time());
    long start = cell.time().nanos();
    StreamStore store = open(cell, true);
    store.append("reopened-" + seed, List.of(records.make(seed)), deadline);
    double millis = (cell.time().nanos() - start) / NANOS_PER_MILLI;
    if (store.read("reopened-" + seed, deadline).size() != 1) {
      throw new IllegalStateException("event: not there (expected: as it was appended)");
    }
    return Figures.of(millis)
        .with(MEGABYTES, Folders.sizeBytes(cell.folder()) / BYTES_PER_MEGABYTE)
        .with(KEPT, Heap.megabytesKept());
  }

  /** Returns another number for each repetition. */
  private static long seed(Cell cell) throws Exception {
    long before = Long.parseLong(Files.readString(opened(cell)));
    Files.writeString(opened(cell), Long.toString(before + 1000));
    return before;
  }

  /** Says how often the store was opened again. */
  private static Path opened(Cell cell) {
    return cell.folder().resolveSibling(cell.folder().getFileName() + ".opened");
  }
}
