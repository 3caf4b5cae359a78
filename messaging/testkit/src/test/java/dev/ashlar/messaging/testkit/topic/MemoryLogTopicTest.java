package dev.ashlar.messaging.testkit.topic;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.MemoryEventLog;
import dev.ashlar.messaging.testkit.CurrentObserver;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Topics over a log in memory keep the contract, on clocks that are moved by hand. */
@Subject("memory-log")
class MemoryLogTopicTest extends LogTopicContract {

  private final ManualTime time = ManualTime.create();
  private final Map<String, EventLog> logs = new ConcurrentHashMap<>();
  private final Map<String, CurrentObserver> observers = new ConcurrentHashMap<>();

  /** A log outlives its users here; the first observer that does something stays. */
  @Override
  protected EventLog open(String name, LogOptions options, Observer observer) {
    Observer latest =
        observers.computeIfAbsent(name, key -> new CurrentObserver()).withAny(observer);
    return logs.computeIfAbsent(name, key -> make(key, options, latest));
  }

  /** Makes a log; twins break it. */
  EventLog make(String name, LogOptions options, Observer observer) {
    return MemoryEventLog.of(name, options, time, observer);
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
