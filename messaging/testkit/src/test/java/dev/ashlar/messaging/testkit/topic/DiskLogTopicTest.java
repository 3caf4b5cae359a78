package dev.ashlar.messaging.testkit.topic;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.messaging.disk.DiskEventLog;
import dev.ashlar.messaging.disk.DiskSubscriptions;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Durability;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.LogOptions;
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
 * Topics over a log and a registry on disk keep the contract, on clocks that are moved by hand.
 * Nothing here kills a machine, so nothing is forced.
 */
@Subject("disk-log")
class DiskLogTopicTest extends LogTopicContract {

  private static final int SEGMENT_BYTES = 1 << 20;

  private final ManualTime time = ManualTime.create();
  private final Map<String, EventLog> logs = new ConcurrentHashMap<>();
  private final Map<String, CurrentObserver> observers = new ConcurrentHashMap<>();
  private final List<DiskSubscriptions> registries = new ArrayList<>();

  @TempDir Path folder;

  /** A log outlives its users here; the first observer that does something stays. */
  @Override
  protected EventLog open(String name, LogOptions options, Observer observer)
      throws InterruptedException {
    Observer latest =
        observers.computeIfAbsent(name, key -> new CurrentObserver()).withAny(observer);
    EventLog known = logs.get(name);
    if (known != null) {
      return known;
    }
    DiskOptions disk =
        DiskOptions.folder(folder.resolve("log-" + name))
            .withSegmentBytes(SEGMENT_BYTES)
            .withDurability(Durability.OS);
    EventLog log = DiskEventLog.open(name, disk, options, time, latest);
    logs.put(name, log);
    return log;
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
