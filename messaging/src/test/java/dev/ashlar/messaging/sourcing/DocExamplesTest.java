package dev.ashlar.messaging.sourcing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Guarantees.Survival;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.sourcing.StoreGuarantees.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The examples shown in doc comments of this package, and what is promised as data. */
class DocExamplesTest {

  @Test
  void anOrderIsPlaced() throws InterruptedException {
    Event placed = Event.of(new MessageId("m-1"), "placed", Bytes.utf8("one book"));
    Deadline deadline = Deadline.after(Duration.ofSeconds(2), TimeSource.system());
    // [doc:MemoryEventStore]
    EventStore store =
        MemoryEventStore.of(
            "orders", StoreOptions.capacity(10_000), TimeSource.system(), Observer.none());
    AppendResult result =
        store.append(new StreamName("order-7"), ExpectedEnd.none(), List.of(placed), deadline);
    // [/doc]

    assertThat(result).isEqualTo(new AppendResult.Appended(1));
    store.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> store.read(new StreamName("order-7"), 0, 1, deadline))
        .withMessage("store orders: closed (expected: open)");
  }

  @Test
  void whatIsNeededAndNotPromisedIsNamed() {
    StoreGuarantees none = new StoreGuarantees(Set.of(), Survival.PROCESS_LIFETIME);
    assertThatIllegalStateException()
        .isThrownBy(() -> none.require(Promise.FRESH_READS))
        .withMessage("guarantees: without fresh-reads (expected: with)");
    new StoreGuarantees(Set.of(Promise.FRESH_READS), Survival.PROCESS_LIFETIME)
        .require(Promise.FRESH_READS);
  }
}
