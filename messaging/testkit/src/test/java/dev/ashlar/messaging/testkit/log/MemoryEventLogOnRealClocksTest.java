package dev.ashlar.messaging.testkit.log;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.MemoryEventLog;
import java.time.Duration;

/** The log in memory keeps the contract while real time passes, with terms of one second. */
class MemoryEventLogOnRealClocksTest extends MemoryEventLogTest {

  @Override
  protected EventLog open(String name, LogOptions options, Observer observer) {
    return open(name, key -> MemoryEventLog.of(key, options, TimeSource.system(), observer));
  }

  @Override
  protected TimeSource time() {
    return TimeSource.system();
  }

  @Override
  protected Duration term() {
    return Duration.ofSeconds(1);
  }

  @Override
  protected void pass(Duration duration) throws InterruptedException {
    TimeSource.system().sleep(duration);
  }
}
