package dev.ashlar.examples.benchmarks.queue;

import dev.ashlar.core.Deadline;
import dev.ashlar.examples.benchmarks.Allocation;
import dev.ashlar.examples.benchmarks.BadUse;
import dev.ashlar.examples.benchmarks.Cell;
import dev.ashlar.examples.benchmarks.Crew;
import dev.ashlar.examples.benchmarks.Figures;
import dev.ashlar.examples.benchmarks.Goal;
import dev.ashlar.examples.benchmarks.Heap;
import dev.ashlar.examples.benchmarks.Measured;
import dev.ashlar.examples.benchmarks.Peer;
import dev.ashlar.examples.benchmarks.Records;
import dev.ashlar.examples.benchmarks.Settings;
import dev.ashlar.examples.benchmarks.Suite;
import dev.ashlar.examples.benchmarks.Window;
import dev.ashlar.examples.benchmarks.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The durable queue: sent, received and settled, each forced to the disk. */
public final class QueueSuite implements Suite {

  private static final String VOLUME = "volume";
  private static final String SINGLY = "8x8b1";
  private static final String BATCHES = "8x8b100";
  private static final String ALLOCATED = "bytes allocated per message, beyond its array";
  private static final int RECORD_BYTES_LEAST = 16;
  private static final int RECORD_BYTES_MOST = 60_000;

  @Override
  public String name() {
    return "queue";
  }

  @Override
  public List<Peer> peers() {
    return QueuePeer.ALL.stream().map(QueuePeer::peer).toList();
  }

  @Override
  public Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("cases", "turns");
    defaults.put("shapes", SINGLY + "," + BATCHES);
    defaults.put("volume-messages", "100000000");
    defaults.put("records", "100");
    return defaults;
  }

  @Override
  public List<Goal> goals() {
    String peer = "ashlar-queue";
    return List.of(
        Goal.times(peer, SINGLY, 0.8, "yardstick"),
        Goal.times(peer, SINGLY, 5, "artemis"),
        Goal.times(peer, BATCHES, 0.5, "yardstick"),
        Goal.atMost(peer, BATCHES, ALLOCATED, 64));
  }

  @Override
  public List<Workload> workloads(Settings settings) throws BadUse {
    List<Workload> workloads = new ArrayList<>();
    String bytes = recordBytes(settings) + "-byte messages ";
    for (String name : settings.words("cases")) {
      switch (name) {
        case "turns" -> workloads.addAll(turns(settings, bytes));
        case VOLUME ->
            workloads.add(
                new Workload(VOLUME, "all", bytes + "sent, then received", "sent/s", false));
        default -> throw new BadUse("--cases: " + name + " (expected: turns or volume)");
      }
    }
    return List.copyOf(workloads);
  }

  private static List<Workload> turns(Settings settings, String bytes) throws BadUse {
    List<Workload> workloads = new ArrayList<>();
    String table = bytes + "sent, received and settled, forced";
    for (String word : settings.words("shapes")) {
      workloads.add(new Workload(word, Shape.parse(word).title(), table, "settled/s", false));
    }
    return workloads;
  }

  /** The yardstick keeps all that waits in memory. */
  @Override
  public boolean takesPart(Peer peer, Workload workload, Settings settings) {
    return !workload.id().equals(VOLUME) || !peer.name().equals("yardstick");
  }

  private static int recordBytes(Settings settings) throws BadUse {
    return (int) settings.number("records", RECORD_BYTES_LEAST, RECORD_BYTES_MOST);
  }

  @Override
  public void prepare(Cell cell) {
    throw new UnsupportedOperationException("prepare: no workload needs it");
  }

  @Override
  public Figures measure(Cell cell) throws Exception {
    QueuePeer peer = QueuePeer.named(cell.peer());
    Records records = new Records(recordBytes(cell.settings()));
    return cell.workload().id().equals(VOLUME)
        ? volume(peer, cell, records)
        : turns(peer, cell, records);
  }

  private static Figures volume(QueuePeer peer, Cell cell, Records records) throws Exception {
    Settings settings = cell.settings();
    long asked = settings.number("volume-messages", 1, Long.MAX_VALUE);
    long count = Heap.recordsThatFit(asked, recordBytes(settings), cell.folder());
    long seconds = settings.number("cell-limit-seconds", 1, 86_400);
    Deadline deadline = Deadline.after(Duration.ofSeconds(seconds), cell.time());
    return new Volume(peer, cell, records, deadline).measure(count);
  }

  private static Figures turns(QueuePeer peer, Cell cell, Records records) throws Exception {
    Shape shape = Shape.parse(cell.workload().id());
    Measured sent;
    Measured settled;
    long byOthers;
    try (DurableQueue queue = peer.opener().open(cell.folder(), shape, cell.time())) {
      Window window = Window.fromNow(cell.settings(), cell.time());
      Crew crew = new QueueLoad(queue, records, shape, window).run();
      sent = crew.join(QueueLoad.PRODUCER);
      settled = crew.join(QueueLoad.CONSUMER);
      byOthers = crew.allocatedByOthers();
    }
    sent.acknowledged().expect(settled.acknowledged());
    expectEmpty(peer, shape, cell);
    double allocated = sent.allocatedForEach(0) + settled.allocatedForEach(byOthers);
    return Figures.of(settled.perSecond())
        .with("p50 of one send, us", sent.latencies().micros(0.5))
        .with("p99 of one send, us", sent.latencies().micros(0.99))
        .with("p50 of one settlement, us", settled.latencies().micros(0.5))
        .with(ALLOCATED, allocated - Allocation.arrayBytes(recordBytes(cell.settings())));
  }

  /** What was settled does not come back when the queue is opened again. */
  private static void expectEmpty(QueuePeer peer, Shape shape, Cell cell) throws Exception {
    Deadline now = Deadline.after(Duration.ZERO, cell.time());
    try (DurableQueue queue = peer.opener().open(cell.folder(), shape, cell.time());
        DurableQueue.Receiver receiver = queue.receiver()) {
      int left = receiver.receive(1, now).size();
      if (left > 0) {
        throw new IllegalStateException("a message came back that was settled");
      }
    }
  }
}
