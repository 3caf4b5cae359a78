package dev.ashlar.messaging.testkit.log;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.log.AppendResult;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.LogReader;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.OwnedPartition;
import dev.ashlar.messaging.log.ReadResult;
import dev.ashlar.messaging.log.StartAt;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Logs that lose, repeat, reorder or change what they keep. */
final class ReadingTwins {

  private ReadingTwins() {}

  /** Every reader's records go through a change. */
  private static EventLog reading(EventLog healthy, UnaryOperator<List<LogRecord>> change) {
    return new ChangedLog(healthy) {
      @Override
      LogReader wrap(LogReader reader, StartAt start) {
        return new ChangedReader(reader, change);
      }
    };
  }

  /** Hands each batch out backwards. */
  static class ReordersTwin extends LogTwin {
    @Override
    EventLog broken(EventLog healthy) {
      return reading(
          healthy,
          records -> {
            List<LogRecord> turned = new ArrayList<>(records);
            Collections.reverse(turned);
            return turned;
          });
    }
  }

  /** Puts something else in place of each fifth record that is read. */
  static class ChangesRecordsTwin extends LogTwin {
    @Override
    EventLog broken(EventLog healthy) {
      AtomicInteger count = new AtomicInteger();
      return reading(
          healthy,
          records ->
              records.stream()
                  .map(each -> count.incrementAndGet() > 10 ? compacted(each) : each)
                  .toList());
    }

    private static LogRecord compacted(LogRecord each) {
      Message other = Message.of(each.message().id(), Bytes.utf8("compacted"));
      return new LogRecord(each.position(), other, each.appendedAt());
    }
  }

  /** Reads all from the beginning, whatever the moment. */
  static class IgnoresTimeTwin extends LogTwin {
    @Override
    EventLog broken(EventLog healthy) {
      return new ChangedLog(healthy) {
        @Override
        public LogReader reader(String partition, StartAt start, Deadline deadline)
            throws InterruptedException {
          boolean moment = start instanceof StartAt.Since;
          return super.reader(partition, moment ? StartAt.beginning() : start, deadline);
        }
      };
    }
  }

  /** Takes the position of a reader for that of the next record, and adds one. */
  static class SkipsOneBehindPositionsTwin extends LogTwin {
    @Override
    EventLog broken(EventLog healthy) {
      return new ChangedLog(healthy) {
        @Override
        LogReader wrap(LogReader reader, StartAt start) throws InterruptedException {
          if (start instanceof StartAt.After) {
            reader.read(1, atOnce());
          }
          return reader;
        }
      };
    }
  }

  /** Goes on with the oldest record that is left, and says nothing. */
  static class JumpsSilentlyTwin extends LogTwin {
    @Override
    EventLog broken(EventLog healthy) {
      return new ChangedLog(healthy) {
        @Override
        LogReader wrap(LogReader reader, StartAt start) {
          return new ChangedReader(reader, records -> records) {
            @Override
            public ReadResult read(int most, Deadline deadline) throws InterruptedException {
              ReadResult result = super.read(most, deadline);
              return result instanceof ReadResult.PositionLost
                  ? healthy.reader(partition(), StartAt.beginning(), deadline).read(most, deadline)
                  : result;
            }
          };
        }

        @Override
        OwnedPartition wrap(OwnedPartition owned) {
          return new ChangedPartition(owned) {
            @Override
            public ReadResult read(int most, Deadline deadline) throws InterruptedException {
              ReadResult result = super.read(most, deadline);
              if (result instanceof ReadResult.PositionLost) {
                seek(StartAt.beginning(), deadline);
                return super.read(most, deadline);
              }
              return result;
            }
          };
        }
      };
    }
  }

  /** Chooses partitions by more than the key. */
  static class SpreadsKeysTwin extends LogTwin {
    @Override
    EventLog broken(EventLog healthy) {
      AtomicInteger count = new AtomicInteger();
      return new ChangedLog(healthy) {
        @Override
        public AppendResult tryAppend(Message message, Deadline deadline)
            throws InterruptedException {
          String salt = Integer.toString(count.incrementAndGet());
          return super.tryAppend(
              message.key().map(key -> message.withKey(key + salt)).orElse(message), deadline);
        }
      };
    }
  }

  /** Opens its cursors again somewhere else. */
  abstract static class ForgetsItsPlaceTwin extends LogTwin {
    private final AtomicInteger expiries = new AtomicInteger();

    abstract StartAt again();

    @Override
    protected void expireReaders(EventLog log) {
      expiries.incrementAndGet();
    }

    @Override
    EventLog broken(EventLog healthy) {
      return new ChangedLog(healthy) {
        @Override
        LogReader wrap(LogReader reader, StartAt start) {
          AtomicInteger seen = new AtomicInteger(expiries.get());
          return new ChangedReader(reader, records -> records) {
            private LogReader current = reader;

            @Override
            public ReadResult read(int most, Deadline deadline) throws InterruptedException {
              if (seen.getAndSet(expiries.get()) != expiries.get()) {
                current = healthy.reader(partition(), again(), deadline);
              }
              return current.read(most, deadline);
            }
          };
        }
      };
    }
  }

  /** Reads again what it has read. */
  static class RestartsCursorsTwin extends ForgetsItsPlaceTwin {
    @Override
    StartAt again() {
      return StartAt.beginning();
    }
  }

  /** Reads only what is new. */
  static class ReopensAtTheEndTwin extends ForgetsItsPlaceTwin {
    @Override
    StartAt again() {
      return StartAt.end();
    }
  }
}
