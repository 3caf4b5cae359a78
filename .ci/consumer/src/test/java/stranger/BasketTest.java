package stranger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Guarantees.Promise;
import dev.ashlar.messaging.MemoryQueue;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.Settlement;
import dev.ashlar.messaging.jdbc.Dialect;
import dev.ashlar.messaging.jdbc.JdbcSchema;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BasketTest {

  private final ManualTime time = ManualTime.create();
  private final Deadline deadline = Deadline.after(Duration.ofSeconds(5), time);

  @Test
  void aBasketTravelsThroughAQueue() throws InterruptedException {
    try (MessageQueue queue =
        MemoryQueue.of("baskets", QueueOptions.capacity(10), time, Observer.none())) {
      queue.guarantees().require(Promise.KEY_ORDER);
      Basket sent = new Basket("ann", List.of("tea", "salt"));
      sent.sendTo(queue, deadline);

      Delivery delivery = queue.receive(1, deadline).get(0);

      assertEquals(sent, Basket.of(delivery.message().payload()));
      assertEquals(Settlement.APPLIED, delivery.settle(Outcome.done(), deadline));
    }
  }

  @Test
  void aBasketWithAnUnknownFieldIsRefused() {
    Bytes payload = Bytes.utf8("{\"customer\":\"ann\",\"items\":[],\"total\":3}");

    assertThrows(MalformedDataException.class, () -> Basket.of(payload));
  }

  @Test
  void theTablesCanBeCopiedIntoAMigration() {
    assertTrue(JdbcSchema.ddl(Dialect.POSTGRESQL).contains("ashlar_inbox"));
  }
}
