package dev.ashlar.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Twins;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.testkit.ForwardingQueue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the contract says of the queue of one's own, and of one that is broken as such ones are. */
class OwnQueueTwinTest {

  private static final Path KIT = Path.of("../messaging/testkit/README.md");

  // [readme:own-twin]
  @TestFactory
  Stream<DynamicTest> whatForgetsIsCaught() {
    return Twins.of(ForgetsWhatIsTakenTwin.class, "QUEUE-3", "QUEUE-25").tests();
  }

  static class ForgetsWhatIsTakenTwin extends OwnQueueTest {
    @Override
    protected MessageQueue make(
        String name, QueueOptions options, TimeSource time, Observer observer) {
      return new ForgetsWhatIsTaken(super.make(name, options, time, observer));
    }

    @Override
    protected Duration patience() {
      return Duration.ofSeconds(1); // What never comes is waited for in vain, so not for long.
    }
  }

  /** What {@code BlockingQueue.take} does: who dies with the message takes it along. */
  private static final class ForgetsWhatIsTaken extends ForwardingQueue {

    ForgetsWhatIsTaken(MessageQueue inner) {
      super(inner);
    }

    @Override
    public List<Delivery> receive(int most, Deadline deadline) throws InterruptedException {
      List<Delivery> taken = super.receive(most, deadline);
      for (Delivery delivery : taken) {
        delivery.settle(Outcome.done(), deadline);
      }
      return taken;
    }
  }

  // [/readme]

  @Test
  void theReadmeShowsWhatIsPrinted() throws Exception {
    String names =
        whatForgetsIsCaught().map(DynamicTest::getDisplayName).collect(Collectors.joining("\n"));

    assertThat(Files.readString(KIT))
        .contains("```\n" + ContractRun.of(OwnQueueTest.class, "QUEUE-") + "```\n")
        .contains("```\n" + names + "\n```\n");
  }
}
