package dev.ashlar.examples.benchmarks.queue;

import dev.ashlar.core.Deadline;
import dev.ashlar.examples.benchmarks.Allocation;
import dev.ashlar.examples.benchmarks.BadUse;
import dev.ashlar.examples.benchmarks.Cell;
import dev.ashlar.examples.benchmarks.Crew;
import dev.ashlar.examples.benchmarks.Figures;
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
    defaults.put("shapes", "8x8b1,8x8b100");
    defaults.put("records", "100");
    return defaults;
  }

  @Override
  public List<Workload> workloads(Settings settings) throws BadUse {
    List<Workload> workloads = new ArrayList<>();
    String table = recordBytes(settings) + "-byte messages sent, received and settled, forced";
    for (String word : settings.words("shapes")) {
      workloads.add(new Workload(word, Shape.parse(word).title(), table, "settled/s", false));
    }
    return List.copyOf(workloads);
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
    Shape shape = Shape.parse(cell.workload().id());
    Records records = new Records(recordBytes(cell.settings()));
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
        .with(
            "bytes allocated per message, beyond its array",
            allocated - Allocation.arrayBytes(recordBytes(cell.settings())));
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
