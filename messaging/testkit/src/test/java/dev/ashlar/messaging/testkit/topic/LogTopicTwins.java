package dev.ashlar.messaging.testkit.topic;

import dev.ashlar.core.Advice;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Headers;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.log.AppendResult;
import dev.ashlar.messaging.log.CommitResult;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.GroupMember;
import dev.ashlar.messaging.log.Lag;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.OwnedPartition;
import dev.ashlar.messaging.log.Position;
import dev.ashlar.messaging.log.ReadResult;
import dev.ashlar.messaging.log.StartAt;
import dev.ashlar.messaging.topic.Subscription;
import dev.ashlar.messaging.topic.SubscriptionOptions;
import dev.ashlar.messaging.topic.SubscriptionOptions.Life;
import dev.ashlar.messaging.topic.SubscriptionRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Topics over a log whose groups, records or subscriptions are not what they should be. */
final class LogTopicTwins {

  private LogTopicTwins() {}

  /** Changes what is read of each partition. */
  abstract static class ChangedReadsTwin extends LogTopicTwin {

    abstract List<LogRecord> changed(List<LogRecord> records);

    @Override
    EventLog broken(EventLog healthy) {
      return new ChangedTopicLog(healthy) {
        @Override
        OwnedPartition wrap(OwnedPartition owned) {
          return new Owned(owned) {
            @Override
            List<LogRecord> changed(List<LogRecord> records) {
              return ChangedReadsTwin.this.changed(records);
            }
          };
        }
      };
    }

    static List<LogRecord> each(List<LogRecord> records, UnaryOperator<Message> change) {
      return records.stream()
          .map(r -> new LogRecord(r.position(), change.apply(r.message()), r.appendedAt()))
          .toList();
    }
  }

  /** Hands out the newest of what it has read first. */
  static class NewestFirstTwin extends ChangedReadsTwin {
    @Override
    List<LogRecord> changed(List<LogRecord> records) {
      List<LogRecord> reversed = new ArrayList<>(records);
      Collections.reverse(reversed);
      return reversed;
    }
  }

  /** Hands out payloads, and leaves behind what comes with them. */
  static class DropsHeadersTwin extends ChangedReadsTwin {
    @Override
    List<LogRecord> changed(List<LogRecord> records) {
      return each(records, message -> message.withHeaders(Headers.empty()));
    }
  }

  /** Lets a message live its whole time again from when it is read. */
  static class RestartsTheClockTwin extends ChangedReadsTwin {
    @Override
    List<LogRecord> changed(List<LogRecord> records) {
      return records.stream()
          .map(r -> new LogRecord(r.position(), r.message(), time().wallTime()))
          .toList();
    }
  }

  /** Commits whatever it has read. */
  static class CommitsPastTheUnfinishedTwin extends LogTopicTwin {
    @Override
    EventLog broken(EventLog healthy) {
      return new ChangedTopicLog(healthy) {
        @Override
        OwnedPartition wrap(OwnedPartition owned) {
          return new Hasty(owned);
        }
      };
    }

    private static final class Hasty extends ChangedTopicLog.Owned {
      private Optional<Position> furthest = Optional.empty();

      Hasty(OwnedPartition inner) {
        super(inner);
      }

      @Override
      List<LogRecord> changed(List<LogRecord> records) {
        if (!records.isEmpty()) {
          furthest = Optional.of(records.get(records.size() - 1).position());
        }
        return records;
      }

      @Override
      public CommitResult commit(Position position, Deadline deadline) throws InterruptedException {
        return super.commit(furthest.orElse(position), deadline);
      }
    }
  }

  /** Goes on behind what retention has removed, and tells nobody. */
  static class SkipsTheGapTwin extends LogTopicTwin {
    @Override
    EventLog broken(EventLog healthy) {
      return new ChangedTopicLog(healthy) {
        @Override
        OwnedPartition wrap(OwnedPartition owned) {
          return new Owned(owned) {
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

  /** Confirms every second message without storing it. */
  static class LosesMessagesTwin extends LogTopicTwin {
    @Override
    EventLog broken(EventLog healthy) {
      AtomicInteger appended = new AtomicInteger();
      return new ChangedTopicLog(healthy) {
        @Override
        public AppendResult tryAppend(Message message, Deadline deadline)
            throws InterruptedException {
          return appended.incrementAndGet() % 2 == 0
              ? new AppendResult.Accepted(new Position("0", "1"))
              : super.tryAppend(message, deadline);
        }
      };
    }
  }

  /** Takes nothing more while somebody is far behind. */
  static class WaitsForTheSlowestTwin extends LogTopicTwin {
    private static final long FAR = 10;

    @Override
    EventLog broken(EventLog healthy) {
      return new ChangedTopicLog(healthy) {
        @Override
        public AppendResult tryAppend(Message message, Deadline deadline)
            throws InterruptedException {
          for (String group : groups(deadline)) {
            long behind =
                lag(group, deadline).stream().map(Lag::records).mapToLong(n -> n.orElse(0)).sum();
            if (behind >= FAR) {
              return new AppendResult.Refused(new Advice.Transient(), "log: full");
            }
          }
          return super.tryAppend(message, deadline);
        }
      };
    }
  }

  /** Lets new subscriptions begin with what was published before them. */
  static class BeginsAtTheBeginningTwin extends LogTopicTwin {
    @Override
    EventLog broken(EventLog healthy) {
      return new ChangedTopicLog(healthy) {
        @Override
        public GroupMember join(String group, StartAt start, Duration term)
            throws InterruptedException {
          return super.join(group, StartAt.beginning(), term);
        }
      };
    }
  }

  /** Makes each member a group of its own. */
  static class CopiesToMembersTwin extends LogTopicTwin {
    @Override
    EventLog broken(EventLog healthy) {
      AtomicInteger members = new AtomicInteger();
      return new ChangedTopicLog(healthy) {
        @Override
        public GroupMember join(String group, StartAt start, Duration term)
            throws InterruptedException {
          return super.join(group + "." + members.incrementAndGet(), start, term);
        }
      };
    }
  }

  /** Forgets the groups that nobody attends to. */
  static class ForgetsTheAbsentTwin extends LogTopicTwin {
    @Override
    EventLog broken(EventLog healthy) {
      return new ChangedTopicLog(healthy) {
        @Override
        public AppendResult tryAppend(Message message, Deadline deadline)
            throws InterruptedException {
          for (String group : groups(deadline)) {
            forget(group, deadline);
          }
          return super.tryAppend(message, deadline);
        }
      };
    }
  }

  /** Does not tell members that their subscription has ended. */
  static class KeepsItsEndToItselfTwin extends LogTopicTwin {
    @Override
    SubscriptionRegistry brokenRegistry(SubscriptionRegistry healthy) {
      return new ChangedRegistry(healthy) {
        private final List<Subscription> ended = new ArrayList<>();

        @Override
        public synchronized boolean remove(Subscription subscription, Deadline deadline)
            throws InterruptedException {
          ended.add(subscription);
          return super.remove(subscription, deadline);
        }

        @Override
        public synchronized List<Subscription> all(Deadline deadline) throws InterruptedException {
          List<Subscription> all = new ArrayList<>(super.all(deadline));
          all.addAll(ended);
          return all;
        }
      };
    }
  }

  /** Registers subscriptions as something else than it says. */
  abstract static class OtherwiseTwin extends LogTopicTwin {

    abstract Subscription really(Subscription asked);

    @Override
    SubscriptionRegistry brokenRegistry(SubscriptionRegistry healthy) {
      return new Disguise(healthy, this::really);
    }
  }

  /** Shows its users other subscriptions than it has. */
  private static final class Disguise extends ChangedRegistry {
    private final UnaryOperator<Subscription> shown;
    private final Map<String, Subscription> real = new HashMap<>();

    Disguise(SubscriptionRegistry inner, UnaryOperator<Subscription> shown) {
      super(inner);
      this.shown = shown;
    }

    @Override
    public synchronized Subscription add(
        String name, SubscriptionOptions options, Deadline deadline) throws InterruptedException {
      Subscription added = super.add(name, options, deadline);
      real.put(name, added);
      return shown.apply(added);
    }

    private synchronized Subscription real(Subscription other) {
      return real.getOrDefault(other.name(), other);
    }

    @Override
    public boolean renew(Subscription subscription, Deadline deadline) throws InterruptedException {
      return super.renew(real(subscription), deadline);
    }

    @Override
    public boolean detach(Subscription subscription, Deadline deadline)
        throws InterruptedException {
      return super.detach(real(subscription), deadline);
    }

    @Override
    public boolean remove(Subscription subscription, Deadline deadline)
        throws InterruptedException {
      return super.remove(real(subscription), deadline);
    }

    @Override
    public List<Subscription> all(Deadline deadline) throws InterruptedException {
      return super.all(deadline).stream().map(shown).toList();
    }
  }

  /** Gives a new subscription the group of an old one with its name. */
  static class ReusesTheGroupTwin extends OtherwiseTwin {
    @Override
    Subscription really(Subscription asked) {
      return new Subscription(asked.name(), 1, asked.options(), asked.state());
    }
  }

  /** Adds subscriptions with other options than it says. */
  abstract static class OtherOptionsTwin extends LogTopicTwin {

    abstract SubscriptionOptions really(SubscriptionOptions options);

    @Override
    SubscriptionRegistry brokenRegistry(SubscriptionRegistry healthy) {
      return new ChangedRegistry(healthy) {
        @Override
        public Subscription add(String name, SubscriptionOptions options, Deadline deadline)
            throws InterruptedException {
          Subscription added = super.add(name, really(options), deadline);
          return new Subscription(name, added.number(), options, added.state());
        }
      };
    }
  }

  /** Keeps transient subscriptions for ever. */
  static class KeepsThePassingTwin extends OtherOptionsTwin {
    @Override
    SubscriptionOptions really(SubscriptionOptions options) {
      return new SubscriptionOptions(Life.DURABLE, options.whenFull(), options.patience());
    }
  }
}
