package dev.ashlar.messaging.testkit.log;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.disk.DiskEventLog;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Durability;
import dev.ashlar.messaging.log.AppendResult;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.LogOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/**
 * The log on disk keeps the contract, on clocks that are moved by hand. Nothing here kills a
 * machine, so nothing is forced: the tests of the journal are about that.
 */
@Subject("disk")
class DiskEventLogTest extends EventLogContract {

  private final ManualTime time = ManualTime.create();
  private final Map<String, DiskEventLog> logs = new HashMap<>();

  @TempDir Path folder;

  @Override
  protected EventLog open(String name, LogOptions options, Observer observer) throws Exception {
    DiskEventLog known = logs.get(name);
    if (known != null) {
      return known;
    }
    DiskOptions disk =
        DiskOptions.folder(folder.resolve(name))
            .withSegmentBytes(1 << 20)
            .withDurability(Durability.OS);
    DiskEventLog log = DiskEventLog.open(name, disk, options, time, observer);
    logs.put(name, log);
    return log;
  }

  /** Gathers what is appended, and appends it at the end. */
  @Override
  protected OpenAppends begin(EventLog log) {
    List<Message> gathered = new ArrayList<>();
    return new OpenAppends() {
      @Override
      public void append(Message message) {
        gathered.add(message);
      }

      @Override
      public void commit() throws Exception {
        engine(log).appendTogether(gathered, soon()).forEach(AppendResult::orThrow);
      }

      @Override
      public void rollback() {
        gathered.clear();
      }
    };
  }

  /** Returns the engine behind a log, which a twin may stand in front of. */
  final DiskEventLog engine(EventLog log) {
    DiskEventLog engine = logs.get(log.name());
    if (engine == null) {
      throw new AssertionError("log: " + log.name() + " (expected: opened here)");
    }
    return engine;
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
  protected void pass(Duration duration) {
    time.advance(duration);
  }
}
