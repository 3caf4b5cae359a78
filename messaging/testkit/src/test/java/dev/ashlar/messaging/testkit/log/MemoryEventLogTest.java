package dev.ashlar.messaging.testkit.log;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.MemoryEventLog;
import dev.ashlar.messaging.log.Partition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The log in memory keeps the contract, on clocks that are moved by hand. */
@Subject("memory")
class MemoryEventLogTest extends EventLogContract {

  private final ManualTime time = ManualTime.create();
  private final Map<String, MemoryEventLog> logs = new HashMap<>();

  @Override
  protected EventLog open(String name, LogOptions options, Observer observer) {
    return open(name, key -> MemoryEventLog.of(key, options, time, observer));
  }

  final EventLog open(String name, Function<String, MemoryEventLog> opening) {
    return logs.computeIfAbsent(name, opening);
  }

  /** Returns the engine behind a log, which a twin may stand in front of. */
  final MemoryEventLog engine(EventLog log) {
    MemoryEventLog engine = logs.get(log.name());
    if (engine == null) {
      throw new AssertionError("log: " + log.name() + " (expected: opened here)");
    }
    return engine;
  }

  @Override
  protected OpenAppends begin(EventLog log) {
    MemoryEventLog.Transaction transaction = engine(log).begin();
    return new OpenAppends() {
      @Override
      public void append(Message message) {
        transaction.append(message).orThrow();
      }

      @Override
      public void commit() {
        transaction.commit();
      }

      @Override
      public void rollback() {
        transaction.rollback();
      }
    };
  }

  @Override
  protected void split(EventLog log, String partition) {
    engine(log).split(partition);
  }

  /** Merges the partitions that stand last, or what was split last. */
  @Override
  protected void merge(EventLog log) throws InterruptedException {
    List<Partition> open = log.partitions(soon()).stream().filter(Partition::open).toList();
    engine(log).merge(open.get(open.size() - 2).id(), open.get(open.size() - 1).id());
  }

  @Override
  protected TimeSource time() {
    return time;
  }

  @Override
  protected Duration term() {
    return Duration.ofSeconds(1);
  }

  @Override
  protected void pass(Duration duration) throws InterruptedException {
    time.advance(duration);
  }
}
