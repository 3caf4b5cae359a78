package dev.ashlar.messaging.testkit;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.disk.DiskQueue;
import dev.ashlar.messaging.journal.DiskOptions;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.io.TempDir;

/** The queue on disk, under many threads. */
@Subject("disk")
class DiskQueueStressTest extends QueueStress {

  @TempDir Path folder;

  private final Map<String, MessageQueue> queues = new ConcurrentHashMap<>();

  DiskQueueStressTest() {
    super(4, 2);
  }

  @Override
  protected MessageQueue open(String name, QueueOptions options) {
    return queues.computeIfAbsent(
        name,
        key ->
            DiskQueue.open(
                key,
                options,
                DiskOptions.folder(folder.resolve(key)).withSegmentBytes(2 << 20),
                TimeSource.system(),
                Observer.none()));
  }
}
