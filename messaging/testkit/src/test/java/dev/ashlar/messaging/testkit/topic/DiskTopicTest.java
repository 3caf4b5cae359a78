package dev.ashlar.messaging.testkit.topic;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.disk.DiskQueue;
import dev.ashlar.messaging.disk.DiskSubscriptions;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Durability;
import dev.ashlar.messaging.testkit.CurrentObserver;
import dev.ashlar.messaging.topic.SubscriptionRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Topics over queues and a registry on disk keep the contract, on clocks that are moved by hand.
 * Whoever dies here is the bridge or the subscriber; that all of it dies is tested beside.
 */
@Subject("disk")
class DiskTopicTest extends TopicContract {

  private static final int SEGMENT_BYTES = 2 << 20;

  private final ManualTime time = ManualTime.create();
  private final Map<String, MessageQueue> queues = new ConcurrentHashMap<>();
  private final Map<String, CurrentObserver> observers = new ConcurrentHashMap<>();
  private final List<DiskSubscriptions> registries = new ArrayList<>();

  @TempDir Path folder;

  @Override
  protected MessageQueue open(String name, QueueOptions options, Observer observer) {
    Observer latest =
        observers.computeIfAbsent(name, key -> new CurrentObserver()).withAny(observer);
    DiskOptions disk =
        DiskOptions.folder(folder.resolve("queue-" + name))
            .withSegmentBytes(SEGMENT_BYTES)
            .withDurability(Durability.OS);
    return queues.computeIfAbsent(name, key -> DiskQueue.open(key, options, disk, time, latest));
  }

  @Override
  protected SubscriptionRegistry registry(String topic, Duration term) {
    DiskSubscriptions registry =
        DiskSubscriptions.open(
            DiskOptions.folder(folder.resolve("registry-" + topic)), term, time, Observer.none());
    registries.add(registry);
    return registry;
  }

  @AfterEach
  void closeRegistries() {
    registries.forEach(DiskSubscriptions::close);
  }

  @Override
  protected TimeSource time() {
    return time;
  }

  @Override
  protected Duration visibility() {
    return Duration.ofSeconds(1);
  }

  @Override
  protected void pass(Duration duration) {
    time.advance(duration);
  }
}
