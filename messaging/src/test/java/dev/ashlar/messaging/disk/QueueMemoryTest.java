package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ChildJvm;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Durability;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two million messages of 100 bytes wait in a queue, are received and settled, by a process with a
 * heap that a tenth of them would not fit into. As many as {@code -Dashlar.queue.messages} says.
 */
@Tag("engine")
class QueueMemoryTest {

  private static final int MESSAGES = Integer.getInteger("ashlar.queue.messages", 2_000_000);
  private static final String HEAP = System.getProperty("ashlar.queue.heap", "40m");

  @TempDir Path folder;

  /** The child: {@code FOLDER MESSAGES}. */
  public static final class Child {
    private static final TimeSource TIME = TimeSource.system();

    private Child() {}

    public static void main(String[] args) throws InterruptedException {
      Path folder = Path.of(args[0]);
      int messages = Integer.parseInt(args[1]);
      long start = TIME.nanos();
      try (DiskQueue queue = open(folder, messages)) {
        Bytes payload = Bytes.owning(new byte[100]);
        for (int i = 0; i < messages; i++) {
          queue.submit(Message.of(new MessageId("m" + i), payload), Duration.ZERO, soon());
        }
        System.out.println("sent in " + since(start));
      }
      long reopening = TIME.nanos();
      try (DiskQueue queue = open(folder, messages)) {
        System.out.println("opened in " + since(reopening));
        long waiting = queue.depth(soon()).waiting();
        System.out.println("waiting " + waiting + ", taken " + take(queue));
        System.out.println("left " + queue.depth(soon()) + " after " + since(start));
      }
    }

    private static String since(long nanos) {
      return (TIME.nanos() - nanos) / 1_000_000 + " ms";
    }

    private static Deadline soon() {
      return Deadline.after(Duration.ofMinutes(1), TIME);
    }

    private static DiskQueue open(Path folder, int messages) {
      return DiskQueue.open(
          "much",
          QueueOptions.capacity(messages),
          DiskOptions.folder(folder).withDurability(Durability.OS),
          TIME,
          Observer.none());
    }

    /** Each must come in order, once. */
    private static int take(DiskQueue queue) throws InterruptedException {
      int taken = 0;
      List<Delivery> some = queue.receive(1000, soon());
      while (!some.isEmpty()) {
        for (Delivery each : some) {
          if (!each.message().id().value().equals("m" + taken++)) {
            throw new IllegalStateException("order: " + each + " (expected: m" + taken + ")");
          }
        }
        queue.settleAll(some, Outcome.done(), soon());
        some = queue.receive(1000, Deadline.after(Duration.ZERO, TIME));
      }
      return taken;
    }
  }

  @Test
  void aBacklogOfAnySizeTakesTheSameMemory() throws Exception {
    StringBuilder told = new StringBuilder();
    try (ChildJvm child =
        ChildJvm.start(
            Child.class, ChildJvm.small(HEAP), folder.toString(), String.valueOf(MESSAGES))) {
      child.linesToEnd(Duration.ofMinutes(10)).forEach(line -> told.append(line).append("; "));
    }
    System.out.println("queue memory: " + MESSAGES + " messages, heap " + HEAP + ": " + told);
    assertThat(told)
        .contains("waiting " + MESSAGES + ", taken " + MESSAGES + ";")
        .contains("left Depth[waiting=0, inFlight=0, dead=0, parked=0]");
  }
}
