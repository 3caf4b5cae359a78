package dev.ashlar.leases.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.own.OwnershipListener;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Owners with a mistake. */
final class OwnerTwins {

  private OwnerTwins() {}

  /** The contract over the healthy owner, with a mistake around it. */
  abstract static class OwnerTwin extends MemoryOwnerTest {
    @Override
    protected Duration patience() {
      return Duration.ofSeconds(1);
    }
  }

  /** Lets the successor begin while this one ends. */
  static class GivesBackBeforeItHasEndedTwin extends OwnerTwin {
    @Override
    OwnershipListener heard(OwnershipListener listener, FaultyStore line) {
      return new ForwardingListener(listener) {
        @Override
        public void ending(String partition, Lease lease) throws Exception {
          line.release(lease.fence().holder(), Deadline.after(Duration.ofHours(1), time()));
          note(partition + " one given back");
          super.ending(partition, lease);
        }
      };
    }
  }

  /** Believes for ever what it was told once. */
  static class AsksOnceTwin extends OwnerTwin {
    @Override
    LeaseStore asked(LeaseStore store) {
      Map<LeaseName, Answer<Grant>> refused = new ConcurrentHashMap<>();
      return new ForwardingStore(store) {
        @Override
        public Answer<Grant> grant(Contender contender, Duration term, Deadline deadline)
            throws InterruptedException {
          Optional<Answer<Grant>> before = Optional.ofNullable(refused.get(contender.lease()));
          if (before.isPresent()) {
            return before.get();
          }
          Answer<Grant> answer = super.grant(contender, term, deadline);
          if (answer instanceof Answer.Refused) {
            refused.put(contender.lease(), answer);
          }
          return answer;
        }
      };
    }
  }

  /** Takes what it is assigned for its own, whatever the store says. */
  static class TrustsTheHintTwin extends OwnerTwin {
    @Override
    LeaseStore asked(LeaseStore store) {
      return new ForwardingStore(store) {
        @Override
        public Answer<Grant> grant(Contender contender, Duration term, Deadline deadline)
            throws InterruptedException {
          Answer<Grant> answer = super.grant(contender, term, deadline);
          Optional<Grant> others =
              answer instanceof Answer.Refused<Grant> refused
                  ? refused.current()
                  : Optional.empty();
          return others.isEmpty()
              ? answer
              : new Answer.Done<>(
                  new Grant(new Fence(contender, others.get().fence().token()), term));
        }
      };
    }
  }

  /** Begins without a claim, unless nobody was there before. */
  static class BeginsWithoutAClaimTwin extends OwnerTwin {
    @Override
    OwnershipListener heard(OwnershipListener listener, FaultyStore line) {
      return new ForwardingListener(listener) {
        @Override
        public void owned(String partition, Lease lease) throws Exception {
          if (lease.token().value() == 1) {
            super.owned(partition, lease);
          }
        }
      };
    }
  }

  /** Tells of one partition after the other. */
  static class OneThreadForAllTwin extends OwnerTwin {
    @Override
    OwnershipListener heard(OwnershipListener listener, FaultyStore line) {
      ReentrantLock one = new ReentrantLock();
      return new ForwardingListener(listener) {
        @Override
        public void owned(String partition, Lease lease) throws Exception {
          one.lock();
          try {
            super.owned(partition, lease);
          } finally {
            one.unlock();
          }
        }
      };
    }
  }

  /** A listener that hands everything on. */
  abstract static class ForwardingListener implements OwnershipListener {
    private final OwnershipListener inner;

    ForwardingListener(OwnershipListener inner) {
      this.inner = inner;
    }

    @Override
    public void owned(String partition, Lease lease) throws Exception {
      inner.owned(partition, lease);
    }

    @Override
    public void ending(String partition, Lease lease) throws Exception {
      inner.ending(partition, lease);
    }

    @Override
    public void lost(String partition, Lease lease) throws Exception {
      inner.lost(partition, lease);
    }
  }
}
