package dev.ashlar.messaging.testkit.log;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.log.CommitResult;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.GroupMember;
import dev.ashlar.messaging.log.Lag;
import dev.ashlar.messaging.log.OwnedPartition;
import dev.ashlar.messaging.log.Partition;
import dev.ashlar.messaging.log.Position;
import dev.ashlar.messaging.log.ReadResult;
import dev.ashlar.messaging.log.StartAt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Groups that mix up, forget or share what they own. */
final class GroupTwins {

  private GroupTwins() {}

  /** Every owned partition goes through a change. */
  static EventLog owning(EventLog healthy, UnaryOperator<OwnedPartition> change) {
    return new ChangedLog(healthy) {
      @Override
      OwnedPartition wrap(OwnedPartition owned) {
        return change.apply(owned);
      }
    };
  }

  /** Every member goes through a change. */
  private static EventLog joining(EventLog healthy, UnaryOperator<GroupMember> change) {
    return new ChangedLog(healthy) {
      @Override
      public GroupMember join(String group, StartAt start, Duration term)
          throws InterruptedException {
        return change.apply(super.join(group, start, term));
      }
    };
  }

  /** Has one progress for all groups. */
  static class SharesProgressTwin extends LogTwin {
    @Override
    EventLog broken(EventLog healthy) {
      return new ChangedLog(healthy) {
        @Override
        public GroupMember join(String group, StartAt start, Duration term)
            throws InterruptedException {
          return super.join("shared", start, term);
        }

        @Override
        public List<Lag> lag(String group, Deadline deadline) throws InterruptedException {
          return super.lag("shared", deadline);
        }
      };
    }
  }

  /** Confirms the commit of a former owner. */
  static class ConfirmsLateCommitsTwin extends LogTwin {
    @Override
    EventLog broken(EventLog healthy) {
      return owning(
          healthy,
          owned ->
              new ChangedPartition(owned) {
                @Override
                public CommitResult commit(Position position, Deadline deadline)
                    throws InterruptedException {
                  super.commit(position, deadline);
                  return new CommitResult.Committed();
                }
              });
    }
  }

  /** Gives every owner the same epoch. */
  static class KeepsEpochsTwin extends LogTwin {
    @Override
    EventLog broken(EventLog healthy) {
      return owning(
          healthy,
          owned ->
              new ChangedPartition(owned) {
                @Override
                public long epoch() {
                  return 1;
                }
              });
    }
  }

  /** Lets each member own everything. */
  static class OwnsTwiceTwin extends LogTwin {
    @Override
    EventLog broken(EventLog healthy) {
      AtomicInteger members = new AtomicInteger();
      return new ChangedLog(healthy) {
        @Override
        public GroupMember join(String group, StartAt start, Duration term)
            throws InterruptedException {
          return super.join(group + "-" + members.incrementAndGet(), start, term);
        }
      };
    }
  }

  /** Confirms commits and forgets them. */
  static class ForgetsCommitsTwin extends LogTwin {
    @Override
    EventLog broken(EventLog healthy) {
      return owning(
          healthy,
          owned ->
              new ChangedPartition(owned) {
                @Override
                public CommitResult commit(Position position, Deadline deadline) {
                  return new CommitResult.Committed();
                }
              });
    }
  }

  /** Commits whatever was read, finished or not. */
  static class CommitsWhatIsReadTwin extends LogTwin {
    @Override
    EventLog broken(EventLog healthy) {
      return owning(
          healthy,
          owned ->
              new ChangedPartition(owned) {
                @Override
                public ReadResult read(int most, Deadline deadline) throws InterruptedException {
                  ReadResult result = super.read(most, deadline);
                  if (result instanceof ReadResult.Records read && !read.records().isEmpty()) {
                    super.commit(
                        read.records().get(read.records().size() - 1).position(), deadline);
                  }
                  return result;
                }
              });
    }
  }

  /** Goes on with what it once owned. */
  static class KeepsBuffersTwin extends LogTwin {
    @Override
    EventLog broken(EventLog healthy) {
      return joining(
          owning(
              healthy,
              owned ->
                  new ChangedPartition(owned) {
                    @Override
                    public Standing standing() {
                      return Standing.OWNED;
                    }
                  }),
          NeverLoses::new);
    }
  }

  private static final class NeverLoses extends ChangedMember {
    private final Map<String, OwnedPartition> ever = new LinkedHashMap<>();

    NeverLoses(GroupMember inner) {
      super(inner, owned -> owned);
    }

    @Override
    public List<OwnedPartition> attend(Set<String> hungry, Deadline deadline)
        throws InterruptedException {
      for (OwnedPartition each : super.attend(hungry, deadline)) {
        ever.putIfAbsent(each.partition(), each);
      }
      return new ArrayList<>(ever.values());
    }
  }

  /** Takes a parent for finished as soon as it is closed. */
  static class StartsChildrenEarlyTwin extends LogTwin {
    @Override
    EventLog broken(EventLog healthy) {
      return joining(healthy, member -> new FinishesClosed(member, healthy));
    }
  }

  private static final class FinishesClosed extends ChangedMember {
    private final EventLog log;

    FinishesClosed(GroupMember inner, EventLog log) {
      super(inner, owned -> owned);
      this.log = log;
    }

    @Override
    public List<OwnedPartition> attend(Set<String> hungry, Deadline deadline)
        throws InterruptedException {
      List<String> open =
          log.partitions(deadline).stream().filter(Partition::open).map(Partition::id).toList();
      for (OwnedPartition each : super.attend(hungry, deadline)) {
        if (!open.contains(each.partition())) {
          each.seek(StartAt.end(), deadline);
          each.finish(deadline);
        }
      }
      return super.attend(hungry, deadline);
    }
  }
}
