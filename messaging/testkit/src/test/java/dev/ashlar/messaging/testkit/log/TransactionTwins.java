package dev.ashlar.messaging.testkit.log;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.log.AppendResult;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.Lag;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.LogReader;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.OwnedPartition;
import dev.ashlar.messaging.log.ReadResult;
import dev.ashlar.messaging.log.StartAt;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Logs that read past, show early, tear or wait for ever for what is not decided. */
final class TransactionTwins {

  private TransactionTwins() {}

  /**
   * Reads what is visible above the last position: "where number > ? order by number", the reader
   * that loses rows on PostgreSQL.
   */
  static class ReadsByPositionOnlyTwin extends LogTwin {
    private final Set<MessageId> invisible = ConcurrentHashMap.newKeySet();

    @Override
    protected OpenAppends begin(EventLog log) {
      Set<MessageId> mine = ConcurrentHashMap.newKeySet();
      return new OpenAppends() {
        @Override
        public void append(Message message) throws InterruptedException {
          mine.add(message.id());
          invisible.add(message.id());
          log.append(message, soon());
        }

        @Override
        public void commit() {
          invisible.removeAll(mine);
        }

        @Override
        public void rollback() {}
      };
    }

    private List<LogRecord> visible(List<LogRecord> records) {
      return records.stream().filter(each -> !invisible.contains(each.message().id())).toList();
    }

    @Override
    EventLog broken(EventLog healthy) {
      return new ChangedLog(healthy) {
        @Override
        LogReader wrap(LogReader reader, StartAt start) {
          return new ChangedReader(reader, ReadsByPositionOnlyTwin.this::visible);
        }

        @Override
        OwnedPartition wrap(OwnedPartition owned) {
          return new ChangedPartition(owned) {
            @Override
            public ReadResult read(int most, Deadline deadline) throws InterruptedException {
              return ChangedReader.changed(
                  super.read(most, deadline), ReadsByPositionOnlyTwin.this::visible);
            }
          };
        }
      };
    }
  }

  /** Forgets each third record that is appended while others are. */
  static class LosesAppendsTwin extends LogTwin {
    private final Set<Integer> seen = ConcurrentHashMap.newKeySet();

    @Override
    EventLog broken(EventLog healthy) {
      return new ChangedLog(healthy) {
        @Override
        LogReader wrap(LogReader reader, StartAt start) {
          return new ChangedReader(
              reader,
              records ->
                  records.stream()
                      .filter(each -> !seen.add(seen.size()) || seen.size() % 3 != 0)
                      .toList());
        }
      };
    }
  }

  /** Waits at a gap for what was rolled back or refused. */
  static class WaitsAtGapsTwin extends LogTwin {
    private final AtomicBoolean gap = new AtomicBoolean();

    @Override
    protected OpenAppends begin(EventLog log) {
      OpenAppends healthy = super.begin(log);
      return new OpenAppends() {
        @Override
        public void append(Message message) throws Exception {
          healthy.append(message);
        }

        @Override
        public void commit() throws Exception {
          healthy.commit();
        }

        @Override
        public void rollback() {}
      };
    }

    @Override
    protected EventLog open(String name, LogOptions options, Observer observer) {
      return super.open(name, options.withTransactionMax(Duration.ofDays(1)), observer);
    }

    @Override
    EventLog broken(EventLog healthy) {
      return new ChangedLog(healthy) {
        @Override
        public AppendResult tryAppend(Message message, Deadline deadline)
            throws InterruptedException {
          AppendResult result = super.tryAppend(message, deadline);
          gap.compareAndSet(false, result instanceof AppendResult.Refused);
          return result;
        }

        @Override
        LogReader wrap(LogReader reader, StartAt start) {
          return new ChangedReader(reader, records -> gap.get() ? List.of() : records);
        }
      };
    }
  }

  /** Says nothing of what holds its readers back. */
  static class HidesDelaysTwin extends LogTwin {
    @Override
    EventLog broken(EventLog healthy) {
      return new ChangedLog(healthy) {
        @Override
        public List<Lag> lag(String group, Deadline deadline) throws InterruptedException {
          return super.lag(group, deadline).stream()
              .map(each -> new Lag(each.partition(), each.records(), each.behind(), Duration.ZERO))
              .toList();
        }
      };
    }
  }

  /** Shows records before they are committed. */
  static class ShowsUncommittedTwin extends LogTwin {
    @Override
    protected OpenAppends begin(EventLog log) {
      return new OpenAppends() {
        @Override
        public void append(Message message) throws InterruptedException {
          log.append(message, soon());
        }

        @Override
        public void commit() {}

        @Override
        public void rollback() {}
      };
    }
  }

  /** Commits half of a transaction. */
  static class TearsTransactionsTwin extends LogTwin {
    @Override
    protected OpenAppends begin(EventLog log) {
      OpenAppends one = super.begin(log);
      OpenAppends other = super.begin(log);
      AtomicBoolean turn = new AtomicBoolean();
      return new OpenAppends() {
        @Override
        public void append(Message message) throws Exception {
          boolean first = turn.get();
          turn.set(!first);
          (first ? one : other).append(message);
        }

        @Override
        public void commit() throws Exception {
          one.commit();
          other.rollback();
        }

        @Override
        public void rollback() throws Exception {
          one.rollback();
          other.rollback();
        }
      };
    }
  }
}
