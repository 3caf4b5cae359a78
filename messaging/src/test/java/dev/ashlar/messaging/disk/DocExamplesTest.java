package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.journal.DiskOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples shown in doc comments of this package. */
class DocExamplesTest {

  @Test
  void aMessageGoesThroughAQueueOnDisk(@TempDir Path folder) throws InterruptedException {
    // [doc:DiskQueue]
    MessageQueue queue =
        DiskQueue.open(
            "orders",
            QueueOptions.capacity(10_000_000),
            DiskOptions.folder(folder),
            TimeSource.system(),
            Observer.none());
    // [/doc]
    Deadline deadline = Deadline.after(Duration.ofSeconds(20), TimeSource.system());
    queue.send(Message.of(new MessageId("m-1"), Bytes.utf8("one")), deadline);

    assertThat(queue.receive(10, deadline)).hasSize(1);
    queue.close();
  }
}
