package dev.ashlar.leases.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.FencingToken;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LeaseStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Holders, and the lines to their stores, with a mistake. */
final class HolderTwins {

  private HolderTwins() {}

  /** The contract over the healthy store, with leases that are seen through a mistake. */
  abstract static class HolderTwin extends MemoryLeaseStoreTest {
    @Override
    protected Duration patience() {
      return Duration.ofSeconds(1);
    }
  }

  /** Reads its number from the store whenever it is asked. */
  static class ReadsTheCurrentNumberTwin extends HolderTwin {
    private final Map<String, Fence> latest = new ConcurrentHashMap<>();

    @Override
    protected LeaseStore open(TimeSource client) {
      return new ForwardingStore(super.open(client)) {
        @Override
        public Answer<Grant> grant(Contender contender, Duration term, Deadline deadline)
            throws InterruptedException {
          Answer<Grant> answer = super.grant(contender, term, deadline);
          if (answer instanceof Answer.Done<Grant> done) {
            latest.put(contender.lease().value(), done.value().fence());
          }
          return answer;
        }
      };
    }

    @Override
    protected Lease seen(Lease lease) {
      return new ForwardingLease(lease) {
        @Override
        public FencingToken token() {
          return latest.getOrDefault(name().value(), fence()).token();
        }
      };
    }
  }

  /** Comes with a fresh nonce when it has heard nothing. */
  static class FreshNonceForEachTryTwin extends HolderTwin {
    @Override
    protected LeaseStore open(TimeSource client) {
      return new ForwardingStore(super.open(client)) {
        @Override
        public Answer<Grant> grant(Contender contender, Duration term, Deadline deadline)
            throws InterruptedException {
          super.release(contender(contender.lease()), deadline);
          Contender fresh = contender(contender.lease(), contender.owner());
          Answer<Grant> answer = super.grant(fresh, term, deadline);
          // Its own former try is in the way, so it breaks the lock.
          if (answer instanceof Answer.Refused<Grant> refused && refused.current().isPresent()) {
            super.release(refused.current().get().fence().holder(), deadline);
            return super.grant(fresh, term, deadline);
          }
          return answer;
        }
      };
    }
  }

  /** Takes silence for success. */
  static class GuessesSuccessTwin extends HolderTwin {
    @Override
    protected LeaseStore open(TimeSource client) {
      return new ForwardingStore(super.open(client)) {
        @Override
        public Answer<Grant> grant(Contender contender, Duration term, Deadline deadline)
            throws InterruptedException {
          Answer<Grant> answer = super.grant(contender, term, deadline);
          return answer instanceof Answer.Refused
              ? new Answer.Done<>(new Grant(new Fence(contender, new FencingToken(1)), term))
              : answer;
        }
      };
    }
  }

  /** Goes on until an event tells it not to, and none comes. */
  static class WaitsForAnEventTwin extends HolderTwin {
    @Override
    protected Lease seen(Lease lease) {
      return new ForwardingLease(lease) {
        @Override
        public LeaseState state() {
          return LeaseState.HELD;
        }
      };
    }
  }

  /** Counts its time from when the answer came. */
  static class CountsFromTheAnswerTwin extends HolderTwin {
    @Override
    protected Lease seen(Lease lease) {
      long seenNanos = time().nanos();
      return new ForwardingLease(lease) {
        @Override
        public Duration remaining() {
          return believed(term()).minus(Duration.ofNanos(time().nanos() - seenNanos));
        }
      };
    }
  }

  /** Measures with the wall clock. */
  static class WallClockTwin extends HolderTwin {
    private TimeSource holders = time();

    @Override
    protected LeaseStore open(TimeSource client) {
      holders = client;
      return super.open(client);
    }

    @Override
    protected Lease seen(Lease lease) {
      Instant end = holders.wallTime().plus(lease.remaining());
      TimeSource wall = holders;
      return new ForwardingLease(lease) {
        @Override
        public LeaseState state() {
          return wall.wallTime().isBefore(end) ? LeaseState.HELD : LeaseState.LOST;
        }
      };
    }
  }

  /** Takes any answer of the store for a sign of life. */
  static class RevivesTwin extends HolderTwin {
    @Override
    protected Lease seen(Lease lease) {
      return new ForwardingLease(lease) {
        private final AtomicBoolean revived = new AtomicBoolean();

        @Override
        public LeaseState confirm(Deadline deadline) throws InterruptedException {
          LeaseState state = super.confirm(deadline);
          revived.set(true);
          return state;
        }

        @Override
        public LeaseState state() {
          return revived.get() ? LeaseState.HELD : super.state();
        }
      };
    }
  }

  /** Complains when it is closed after its loss, or again. */
  static class ComplainsOnCloseTwin extends HolderTwin {
    @Override
    protected Lease seen(Lease lease) {
      return new ForwardingLease(lease) {
        @Override
        public void close() {
          if (!stillHeld()) {
            throw new IllegalStateException("lease: not held (expected: held)");
          }
          super.close();
        }
      };
    }
  }

  /** Gives the lease back while work goes on. */
  static class ReleasesUnderWorkTwin extends HolderTwin {
    @Override
    protected Lease seen(Lease lease) {
      return new ForwardingLease(lease) {
        @Override
        public Optional<Use> use() {
          Optional<Use> use = super.use();
          use.ifPresent(Use::close);
          return use;
        }
      };
    }
  }
}
