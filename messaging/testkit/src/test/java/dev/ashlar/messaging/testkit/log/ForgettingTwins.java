package dev.ashlar.messaging.testkit.log;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.ForgetResult;
import dev.ashlar.messaging.log.GroupMember;
import dev.ashlar.messaging.log.Lag;
import dev.ashlar.messaging.log.StartAt;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Logs that forget too much, too little, or where a group was to begin. */
final class ForgettingTwins {

  private ForgettingTwins() {}

  /** Says that it has forgotten, and keeps all. */
  static class NeverForgetsTwin extends LogTwin {
    @Override
    EventLog broken(EventLog healthy) {
      return new ChangedLog(healthy) {
        @Override
        public ForgetResult forget(String group, Deadline deadline) {
          return new ForgetResult.Forgotten();
        }
      };
    }
  }

  /** Forgets a group under the hands of its members. */
  static class ForgetsTheLivingTwin extends LogTwin {
    @Override
    EventLog broken(EventLog healthy) {
      Map<String, Integer> lives = new HashMap<>();
      return new ChangedLog(healthy) {
        private String now(String group) {
          return group + "-" + lives.getOrDefault(group, 0);
        }

        @Override
        public ForgetResult forget(String group, Deadline deadline) {
          lives.merge(group, 1, Integer::sum);
          return new ForgetResult.Forgotten();
        }

        @Override
        public GroupMember join(String group, StartAt start, Duration term)
            throws InterruptedException {
          return super.join(now(group), start, term);
        }

        @Override
        public List<Lag> lag(String group, Deadline deadline) throws InterruptedException {
          return super.lag(now(group), deadline);
        }
      };
    }
  }

  /** Forgets all groups when it is to forget one. */
  static class ForgetsAllTwin extends ForgetsTheLivingTwin {
    @Override
    EventLog broken(EventLog healthy) {
      EventLog renaming = super.broken(healthy);
      return new ChangedLog(renaming) {
        @Override
        public ForgetResult forget(String group, Deadline deadline) throws InterruptedException {
          super.forget("other", deadline);
          return healthy.forget(group + "-0", deadline);
        }
      };
    }
  }

  /** Lets a group begin at the end, wherever it was to begin. */
  static class BeginsAtTheEndTwin extends LogTwin {
    @Override
    EventLog broken(EventLog healthy) {
      return new ChangedLog(healthy) {
        @Override
        public GroupMember join(String group, StartAt start, Duration term)
            throws InterruptedException {
          boolean behind = start instanceof StartAt.Behind;
          return super.join(group, behind ? StartAt.end() : start, term);
        }
      };
    }
  }
}
