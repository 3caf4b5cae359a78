package dev.ashlar.messaging.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Observer;
import dev.ashlar.messaging.Guarantees;
import dev.ashlar.messaging.Guarantees.Promise;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.testkit.DeniedPromises.Probe;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a queue denies is tried: what holds is told from what does not. */
class DeniedPromisesTest {

  @Test
  void aQueueThatKeepsWhatItDeniesIsFoundOut() throws InterruptedException {
    assertThat(new DeniedPromises(new Modest()).tried())
        .containsExactly(
            new Probe("fifo", true),
            new Probe("key-order", true),
            new Probe("key-order-under-retry", true),
            new Probe("key-parking", true),
            new Probe("delay", true));
  }

  @Test
  void aQueueThatKeepsNoOrderIsRightToDenyIt() throws InterruptedException {
    assertThat(new DeniedPromises(new Unordered()).tried())
        .contains(
            new Probe("fifo", false),
            new Probe("key-order", false),
            new Probe("key-order-under-retry", false));
  }

  @Test
  void whatIsDeclaredIsNotTried() throws InterruptedException {
    assertThat(new DeniedPromises(new MemoryQueueTest()).tried()).isEmpty();
  }

  @Test
  void aProbeIsALineOfTheEvidence() {
    assertThat(new Probe("fifo", true).line("jdbc-h2"))
        .isEqualTo(
            """
            {"type":"probe","guarantee":"fifo","subject":"jdbc-h2","result":"holds"}\
            """);
  }

  /** Keeps all that the queue in memory keeps, and promises leases alone. */
  private static class Modest extends MemoryQueueTest {
    @Override
    protected MessageQueue open(String name, QueueOptions options, Observer observer) {
      return modest(super.open(name, options, observer));
    }
  }

  /** Promises leases alone, and keeps no order. */
  private static final class Unordered extends DeliveryTwins.IgnoresKeysTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return modest(new DeliveryTwins.LastInFirstOutTwin().broken(super.broken(healthy)));
    }
  }

  private static MessageQueue modest(MessageQueue queue) {
    return new ForwardingQueue(queue) {
      @Override
      public Guarantees guarantees() {
        Guarantees kept = super.guarantees();
        Set<Promise> promises = EnumSet.of(Promise.LEASE);
        return new Guarantees(
            promises,
            kept.confirmed(),
            kept.clock(),
            kept.dedupeWindow(),
            kept.redeliveryHorizon());
      }
    };
  }
}
