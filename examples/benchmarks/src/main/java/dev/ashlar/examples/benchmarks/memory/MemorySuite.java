package dev.ashlar.examples.benchmarks.memory;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.benchmarks.BadUse;
import dev.ashlar.examples.benchmarks.Cell;
import dev.ashlar.examples.benchmarks.Crew;
import dev.ashlar.examples.benchmarks.Figures;
import dev.ashlar.examples.benchmarks.Measured;
import dev.ashlar.examples.benchmarks.Peer;
import dev.ashlar.examples.benchmarks.Settings;
import dev.ashlar.examples.benchmarks.Suite;
import dev.ashlar.examples.benchmarks.Window;
import dev.ashlar.examples.benchmarks.Workload;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.MemoryQueue;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A queue in memory: one thread that sends, receives and settles in turn. */
public final class MemorySuite implements Suite {

  private static final int CAPACITY = 10_000;
  private static final int BYTES = 100;
  private static final double NANOS_PER_SECOND = 1e9;

  /** A reading of the clock costs as much as a message of the fastest. */
  private static final int TURNS_PER_CLOCK_READ = 256;

  private static final String ROLE = "thread";

  private static final List<Peer> PEERS =
      List.of(
          new Peer("linked", "LinkedBlockingQueue", "gone with the process, and once polled"),
          new Peer("array", "ArrayBlockingQueue", "gone with the process, and once polled"),
          new Peer(
              "ashlar-memory",
              "Ashlar queue in memory",
              "gone with the process; delivered again until it is settled"));

  /** Sends one message, receives it and settles it. */
  @FunctionalInterface
  private interface Turn {

    /** Returns whether the message came. */
    boolean take() throws Exception;
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public List<Peer> peers() {
    return PEERS;
  }

  @Override
  public Map<String, String> defaults() {
    return Map.of("count-max", "1000000000");
  }

  @Override
  public List<Workload> workloads(Settings settings) {
    return List.of(
        new Workload("turns", "send, receive and settle", "in memory, one thread", "ns", false));
  }

  @Override
  public void prepare(Cell cell) {
    throw new UnsupportedOperationException("prepare: no workload needs it");
  }

  @Override
  public Figures measure(Cell cell) throws Exception {
    Window window = Window.fromNow(cell.settings(), cell.time());
    Turn turn = turn(cell.peer(), cell.time(), window.deadline());
    Crew crew = new Crew(window);
    crew.start(ROLE, 1, number -> takeTurns(turn, window));
    Measured measured = crew.join(ROLE);
    return Figures.of(NANOS_PER_SECOND / measured.perSecond())
        .with("bytes allocated per message", measured.allocatedForEach(0));
  }

  private static Turn turn(String peer, TimeSource time, Deadline deadline) throws BadUse {
    Message message = Message.of(new MessageId("m"), Bytes.owning(new byte[BYTES]));
    return switch (peer) {
      case "linked" -> turn(new LinkedBlockingQueue<>(CAPACITY), message);
      case "array" -> turn(new ArrayBlockingQueue<>(CAPACITY), message);
      case "ashlar-memory" -> {
        QueueOptions options = QueueOptions.capacity(CAPACITY);
        MessageQueue queue = MemoryQueue.of("queue", options, time, Observer.none());
        yield () -> turn(queue, message, deadline);
      }
      default -> throw new BadUse("--peers: " + peer);
    };
  }

  private static Turn turn(Queue<Message> queue, Message message) {
    return () -> queue.offer(message) && queue.poll() != null;
  }

  private static boolean turn(MessageQueue queue, Message message, Deadline deadline)
      throws InterruptedException {
    queue.send(message, deadline);
    List<Delivery> deliveries = queue.receive(1, deadline);
    deliveries.get(0).settle(Outcome.done(), deadline);
    return deliveries.size() == 1;
  }

  private static Measured takeTurns(Turn turn, Window window) throws Exception {
    Measured measured = new Measured(window);
    do {
      for (int i = 0; i < TURNS_PER_CLOCK_READ; i++) {
        if (!turn.take()) {
          throw new IllegalStateException("message: none (expected: the one that was sent)");
        }
      }
    } while (!measured.isEnough(window.time().nanos(), TURNS_PER_CLOCK_READ));
    return measured;
  }
}
