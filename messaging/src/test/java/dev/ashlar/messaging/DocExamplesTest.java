package dev.ashlar.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Guarantees.Promise;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The examples shown in doc comments of this module, and of core where a queue is needed. */
class DocExamplesTest {

  private final TimeSource time = TimeSource.system();

  @Test
  void twoMessagesAreSentWithinOneDeadline() throws InterruptedException {
    // [doc:MemoryQueue]
    MessageQueue queue =
        MemoryQueue.of(
            "orders", QueueOptions.capacity(10_000), TimeSource.system(), Observer.none());
    // [/doc]
    Message message = Message.of(new MessageId("m-1"), Bytes.utf8("one"));
    Message another = Message.of(new MessageId("m-2"), Bytes.utf8("two"));

    // [doc:Deadline]
    Deadline deadline = Deadline.after(Duration.ofSeconds(2), time);
    queue.send(message, deadline);
    queue.send(another, deadline); // both within the same two seconds
    // [/doc]
    // [doc:Guarantees]
    queue.guarantees().require(Promise.KEY_ORDER, Promise.KEY_ORDER_UNDER_RETRY);
    // [/doc]

    assertThat(queue.receive(10, deadline)).hasSize(2);
  }
}
