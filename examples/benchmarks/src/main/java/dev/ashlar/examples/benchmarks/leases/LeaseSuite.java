package dev.ashlar.examples.benchmarks.leases;

import static dev.ashlar.examples.benchmarks.leases.LeaseCase.CLAIMS;
import static dev.ashlar.examples.benchmarks.leases.LeaseCase.CONTENDED;
import static dev.ashlar.examples.benchmarks.leases.LeaseCase.COUNTS;
import static dev.ashlar.examples.benchmarks.leases.LeaseCase.PAIRS;
import static dev.ashlar.examples.benchmarks.leases.LeaseCase.RENEWALS;
import static dev.ashlar.examples.benchmarks.leases.LockServers.POSTGRESQL;
import static dev.ashlar.examples.benchmarks.leases.LockServers.ZOOKEEPER;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.examples.benchmarks.BadUse;
import dev.ashlar.examples.benchmarks.Cell;
import dev.ashlar.examples.benchmarks.Figures;
import dev.ashlar.examples.benchmarks.Goal;
import dev.ashlar.examples.benchmarks.Measured;
import dev.ashlar.examples.benchmarks.Peer;
import dev.ashlar.examples.benchmarks.Settings;
import dev.ashlar.examples.benchmarks.Suite;
import dev.ashlar.examples.benchmarks.Window;
import dev.ashlar.examples.benchmarks.Workload;
import dev.ashlar.leases.keep.Leases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Leases and locks, on a ZooKeeper server and on a PostgreSQL server. */
public final class LeaseSuite implements Suite {

  private static final int THREADS_MOST = 256;
  private static final int WANTED_LEASES = 10_000;
  private static final int SECONDS_MOST = 3600;
  private static final double CORE_SHARE_MOST = 5;

  @Override
  public String name() {
    return "leases";
  }

  @Override
  public List<Peer> peers() {
    return LeasePeer.ALL.stream().map(LeasePeer::peer).toList();
  }

  @Override
  public Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    // Two JVMs that wait for a disk at each step are compiled late.
    defaults.put("warm-up-millis", "20000");
    defaults.put("window-millis", "5000");
    defaults.put("cases", "pairs,contended,claims,counts");
    defaults.put("threads", "1,8");
    defaults.put("contenders", "4");
    defaults.put("count-turns", "200");
    defaults.put("leases", Integer.toString(Math.min(WANTED_LEASES, Leases.HELD_MAX)));
    defaults.put("renewal-warm-up-seconds", "30");
    defaults.put("renewal-seconds", "30");
    return defaults;
  }

  /** A server is started for each cell, which takes longer than the cell. */
  @Override
  public Map<String, String> shorter() {
    return Map.of("repetitions", "3", "warm-up-millis", "8000", "window-millis", "2000");
  }

  /**
   * Shortly, the stores alone take no part: they say where time goes, and nothing is set to them.
   */
  @Override
  public boolean takesPart(Peer peer, Workload workload, Settings settings) {
    return settings.text("short").isEmpty() || !peer.name().endsWith("-store");
  }

  @Override
  public boolean belongs(Peer peer, Workload workload) {
    LeasePeer one = LeasePeer.named(peer.name());
    return one.cases().stream()
        .anyMatch(which -> (workload.id() + "-").startsWith(id(one.server(), which) + "-"));
  }

  private static String id(LockServers server, LeaseCase which) {
    return server.word() + "-" + which.word();
  }

  /** The round trips are those of the recipes in which each request does what it must. */
  @Override
  public List<Goal> goals() {
    String zooKeeper = "ashlar-zookeeper";
    String jdbc = "ashlar-jdbc";
    String zooKeeperCounts = id(ZOOKEEPER, COUNTS);
    String jdbcCounts = id(POSTGRESQL, COUNTS);
    return List.of(
        Goal.times(zooKeeper, id(ZOOKEEPER, PAIRS) + "-1", 0.9, "curator"),
        Goal.times(zooKeeper, id(ZOOKEEPER, PAIRS) + "-8", 0.9, "curator"),
        Goal.times(zooKeeper, id(ZOOKEEPER, CONTENDED) + "-4", 2, "curator"),
        Goal.times(jdbc, id(POSTGRESQL, PAIRS) + "-1", 0.9, "sql"),
        Goal.times(jdbc, id(POSTGRESQL, PAIRS) + "-8", 0.9, "sql"),
        Goal.times(jdbc, id(POSTGRESQL, CLAIMS) + "-1", 0.9, "sql"),
        Goal.times(jdbc, id(POSTGRESQL, CLAIMS) + "-8", 0.9, "sql"),
        Goal.atMost(zooKeeper, zooKeeperCounts, "acquire: round trips", 3),
        Goal.atMost(zooKeeper, zooKeeperCounts, "renew: round trips", 1),
        Goal.atMost(zooKeeper, zooKeeperCounts, "release: round trips", 1),
        Goal.atMost(jdbc, jdbcCounts, "acquire: round trips", 1),
        Goal.atMost(jdbc, jdbcCounts, "claim: round trips", 1),
        Goal.atMost(jdbc, jdbcCounts, "renew: round trips", 1),
        Goal.atMost(jdbc, jdbcCounts, "release: round trips", 1),
        Goal.atMost(zooKeeper, id(ZOOKEEPER, RENEWALS), Figures.MAIN, CORE_SHARE_MOST),
        Goal.atMost(jdbc, id(POSTGRESQL, RENEWALS), Figures.MAIN, CORE_SHARE_MOST));
  }

  @Override
  public List<Workload> workloads(Settings settings) throws BadUse {
    List<LeaseCase> cases = new ArrayList<>();
    for (String word : settings.words("cases")) {
      cases.add(which(word));
    }
    List<Workload> workloads = new ArrayList<>();
    for (LockServers server : LockServers.values()) {
      for (LeaseCase which : cases) {
        workloads.addAll(workloads(server, which, settings));
      }
    }
    return List.copyOf(workloads);
  }

  private static LeaseCase which(String word) throws BadUse {
    for (LeaseCase one : LeaseCase.values()) {
      if (one.word().equals(word)) {
        return one;
      }
    }
    throw new BadUse(
        "--cases: " + word + " (expected: pairs, contended, claims, counts or renewals)");
  }

  private static List<Workload> workloads(LockServers server, LeaseCase which, Settings settings)
      throws BadUse {
    if (LeasePeer.ALL.stream()
        .noneMatch(peer -> peer.server() == server && peer.cases().contains(which))) {
      return List.of();
    }
    String id = id(server, which);
    return switch (which) {
      case PAIRS -> owned(id, turns(server), settings);
      case CLAIMS -> owned(id, server.title() + ", acquire, claim and release", settings);
      case CONTENDED -> {
        long threads = settings.number("contenders", 1, THREADS_MOST);
        String title = threads + " threads, one lock";
        yield List.of(new Workload(id + "-" + threads, title, turns(server), "pairs/s", false));
      }
      case COUNTS -> {
        String title = "one thread, the same lock again and again";
        String unit = "acquire and release: round trips";
        yield List.of(new Workload(id, title, server.title() + ", counted", unit, false));
      }
      case RENEWALS -> {
        String title = String.format(Locale.ROOT, "%,d leases of 15 s", leases(settings));
        yield List.of(new Workload(id, title, server.title() + ", held", "of one core, %", false));
      }
    };
  }

  private static String turns(LockServers server) {
    return server.title() + ", acquire and release";
  }

  /** Threads that do not meet. */
  private static List<Workload> owned(String id, String table, Settings settings) throws BadUse {
    List<Workload> workloads = new ArrayList<>();
    for (long threads : settings.numbers("threads", 1, THREADS_MOST)) {
      String title = threads + (threads == 1 ? " thread" : " threads, each with its own lock");
      workloads.add(new Workload(id + "-" + threads, title, table, "pairs/s", false));
    }
    return workloads;
  }

  private static int leases(Settings settings) throws BadUse {
    return (int) settings.number("leases", 1, Leases.HELD_MAX);
  }

  @Override
  public void prepare(Cell cell) {
    throw new UnsupportedOperationException("prepare: no workload needs it");
  }

  @Override
  public Figures measure(Cell cell) throws Exception {
    LeasePeer peer = LeasePeer.named(cell.peer());
    String rest = cell.workload().id().substring(peer.server().word().length() + 1);
    String[] words = rest.split("-", -1);
    LeaseCase which = which(words[0]);
    try (LockServer server = peer.server().start(cell.folder())) {
      return switch (which) {
        case COUNTS -> counts(peer, server, cell);
        case RENEWALS -> renewals(peer, server, cell);
        default -> pairs(peer, server, cell, which, Integer.parseInt(words[1]));
      };
    }
  }

  private static LeasePeer.Place at(int port, Cell cell) {
    return new LeasePeer.Place(port, cell.time(), Observer.none());
  }

  private static Figures pairs(
      LeasePeer peer, LockServer server, Cell cell, LeaseCase which, int threads) throws Exception {
    try (Locks locks = peer.opener().open(at(server.port(), cell))) {
      Window window = Window.fromNow(cell.settings(), cell.time());
      Measured done = new Pairs(locks, which == CLAIMS, window).run(threads, which == CONTENDED);
      return Figures.of(done.perSecond())
          .with("p50 of one pair, us", done.latencies().micros(0.5))
          .with("p99 of one pair, us", done.latencies().micros(0.99));
    }
  }

  private static Figures counts(LeasePeer peer, LockServer server, Cell cell) throws Exception {
    int turns = (int) cell.settings().number("count-turns", 1, 1_000_000);
    try (Wire wire = Wire.before(server.port());
        Locks locks = peer.opener().open(at(wire.port(), cell))) {
      return new Counts(locks, server, wire, untilTheLimit(cell)).measure(turns);
    }
  }

  private static Figures renewals(LeasePeer peer, LockServer server, Cell cell) throws Exception {
    Settings settings = cell.settings();
    long warmUp = settings.number("renewal-warm-up-seconds", 0, SECONDS_MOST);
    long window = settings.number("renewal-seconds", 1, SECONDS_MOST);
    Renewals.Renewed renewed = new Renewals.Renewed();
    LeasePeer.Place place = new LeasePeer.Place(server.port(), cell.time(), renewed);
    // The process is halted afterwards, and to release thousands is not what is measured.
    LeasesLocks locks = (LeasesLocks) peer.opener().open(place);
    return new Renewals(locks, server, renewed, cell.time())
        .measure(
            leases(settings),
            Duration.ofSeconds(warmUp),
            Duration.ofSeconds(window),
            untilTheLimit(cell));
  }

  private static Deadline untilTheLimit(Cell cell) throws BadUse {
    long seconds = cell.settings().number("cell-limit-seconds", 1, 86_400);
    return Deadline.after(Duration.ofSeconds(seconds), cell.time());
  }
}
