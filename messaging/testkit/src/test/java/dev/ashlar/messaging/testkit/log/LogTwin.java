package dev.ashlar.messaging.testkit.log;

import dev.ashlar.core.Observer;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.LogOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The contract over a log in memory that is broken on purpose. */
abstract class LogTwin extends MemoryEventLogTest {

  private final Map<String, EventLog> broken = new HashMap<>();

  /** Returns the broken form of a log; every handle of a name is the same one. */
  EventLog broken(EventLog healthy) {
    return healthy;
  }

  @Override
  protected EventLog open(String name, LogOptions options, Observer observer) {
    EventLog healthy = super.open(name, options, observer);
    return broken.computeIfAbsent(name, key -> broken(healthy));
  }

  /** What never comes is waited for in vain here, so not for long. */
  @Override
  protected Duration patience() {
    return Duration.ofSeconds(1);
  }
}
