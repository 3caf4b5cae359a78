package dev.ashlar.leases.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.LossCause;
import dev.ashlar.leases.testkit.HolderTwins.HolderTwin;
import java.time.Duration;
import java.time.Instant;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Mistakes in telling of an end, in waiting, and in asking for several. */
final class EndTwins {

  private EndTwins() {}

  /** All renewals go through one hand. */
  static class RenewsOneAfterTheOtherTwin extends HolderTwin {
    @Override
    FaultyStore line(LeaseStore store) {
      return new FaultyStore(store) {
        @Override
        public synchronized Answer<Grant> extend(Fence fence, Duration term, Deadline deadline)
            throws InterruptedException {
          return super.extend(fence, term, deadline);
        }
      };
    }
  }

  /** Tells each listener of the event, and of the state. */
  static class TellsTwiceTwin extends HolderTwin {
    @Override
    protected Lease seen(Lease lease) {
      return new ForwardingLease(lease) {
        @Override
        public void whenLost(Consumer<LossCause> listener) {
          super.whenLost(listener);
          super.whenLost(listener);
        }
      };
    }
  }

  /** Takes every end for a loss. */
  static class TellsOfEveryEndTwin extends HolderTwin {
    @Override
    protected Lease seen(Lease lease) {
      return new ForwardingLease(lease) {
        @Override
        public void whenLost(Consumer<LossCause> listener) {
          if (stillHeld()) {
            super.whenLost(listener);
          } else {
            listener.accept(LossCause.EXPIRED);
          }
        }
      };
    }
  }

  /** Tells first, and notes it then. */
  static class TellsBeforeItIsSoTwin extends HolderTwin {
    @Override
    protected Lease seen(Lease lease) {
      return new ForwardingLease(lease) {
        private final AtomicBoolean told = new AtomicBoolean();

        @Override
        public void whenLost(Consumer<LossCause> listener) {
          super.whenLost(
              cause -> {
                listener.accept(cause);
                told.set(true);
              });
        }

        @Override
        public LeaseState state() {
          return told.get() ? super.state() : LeaseState.HELD;
        }
      };
    }
  }

  /** Has one thread for all listeners. */
  static class TellsOneAfterTheOtherTwin extends HolderTwin {
    private final Object thread = new Object();

    @Override
    protected Lease seen(Lease lease) {
      return new ForwardingLease(lease) {
        @Override
        public void whenLost(Consumer<LossCause> listener) {
          super.whenLost(
              cause -> {
                synchronized (thread) {
                  listener.accept(cause);
                }
              });
        }
      };
    }
  }

  /** Forgets who comes too late. */
  static class TellsNobodyLaterTwin extends HolderTwin {
    @Override
    protected Lease seen(Lease lease) {
      return new ForwardingLease(lease) {
        @Override
        public void whenLost(Consumer<LossCause> listener) {
          if (stillHeld()) {
            super.whenLost(listener);
          }
        }
      };
    }
  }

  /** Has a thread that nobody ends. */
  static class LeavesAThreadTwin extends HolderTwin {
    @Override
    protected Lease seen(Lease lease) {
      String owner = lease.fence().holder().owner();
      Thread thread = new Thread(EndTwins::sleepLong, "ashlar-leases-" + owner + "-left");
      thread.setDaemon(true);
      thread.start();
      return lease;
    }
  }

  private static void sleepLong() {
    try {
      TimeSource.system().sleep(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      // It was to end anyway.
    }
  }

  /** Belongs to the thread that asked for it. */
  static class BelongsToAThreadTwin extends HolderTwin {
    @Override
    protected Lease seen(Lease lease) {
      Thread owner = Thread.currentThread();
      return new ForwardingLease(lease) {
        @Override
        public LeaseState confirm(Deadline deadline) throws InterruptedException {
          if (!owner.equals(Thread.currentThread())) {
            throw new IllegalStateException("lease: of another thread");
          }
          return super.confirm(deadline);
        }
      };
    }
  }

  /** Grants to those who were refused, whether or not they wait still. */
  static class GrantsUnaskedTwin extends HolderTwin {
    @Override
    protected LeaseStore open(TimeSource client) {
      return new Remembering(super.open(client));
    }

    private static final class Remembering extends ForwardingStore {
      private static final Map<LeaseName, Deque<Contender>> REFUSED = new ConcurrentHashMap<>();

      Remembering(LeaseStore inner) {
        super(inner);
      }

      @Override
      public Answer<Grant> grant(Contender contender, Duration term, Deadline deadline)
          throws InterruptedException {
        Answer<Grant> answer = super.grant(contender, term, deadline);
        if (answer instanceof Answer.Refused) {
          REFUSED
              .computeIfAbsent(contender.lease(), name -> new ConcurrentLinkedDeque<>())
              .add(contender);
        }
        return answer;
      }

      @Override
      public Answer<Contender> release(Contender contender, Deadline deadline)
          throws InterruptedException {
        Answer<Contender> answer = super.release(contender, deadline);
        Deque<Contender> refused = REFUSED.get(contender.lease());
        if (answer instanceof Answer.Done && refused != null && !refused.isEmpty()) {
          super.grant(refused.remove(), Duration.ofDays(1000), deadline);
        }
        return answer;
      }
    }
  }

  /** Waits until some time of day. */
  static class WaitsByTheWallClockTwin extends HolderTwin {
    @Override
    protected LeaseStore open(TimeSource client) {
      return new ForwardingStore(super.open(client)) {
        @Override
        public void awaitChange(Contender contender, Deadline deadline)
            throws InterruptedException {
          Instant end = client.wallTime().plus(deadline.remaining());
          while (client.wallTime().isBefore(end)) {
            client.sleep(Duration.ofMillis(1));
          }
        }
      };
    }
  }

  /** Wakes everybody who waits. */
  static class WakesAllTwin extends HolderTwin {
    @Override
    protected LeaseStore open(TimeSource client) {
      return new ForwardingStore(super.open(client)) {
        @Override
        public void awaitChange(Contender contender, Deadline deadline)
            throws InterruptedException {
          while (inspect(contender.lease(), deadline) instanceof Answer.Done<Optional<Grant>> seen
              && seen.value().isPresent()) {
            TimeSource.system().sleep(Duration.ofMillis(1));
          }
        }
      };
    }
  }

  /** Never grants anything to one of them. */
  static class PassesOneOverTwin extends HolderTwin {
    @Override
    protected LeaseStore open(TimeSource client) {
      return new ForwardingStore(super.open(client)) {
        @Override
        public Answer<Grant> grant(Contender contender, Duration term, Deadline deadline)
            throws InterruptedException {
          return contender.owner().equals("d")
              ? new Answer.Refused<>(Optional.empty())
              : super.grant(contender, term, deadline);
        }
      };
    }
  }

  /** Shows the last grant, over or not. */
  static class ShowsTheLastGrantTwin extends HolderTwin {
    @Override
    protected LeaseStore open(TimeSource client) {
      return new ForwardingStore(super.open(client)) {
        private final Map<LeaseName, Grant> last = new ConcurrentHashMap<>();

        @Override
        public Answer<Grant> grant(Contender contender, Duration term, Deadline deadline)
            throws InterruptedException {
          Answer<Grant> answer = super.grant(contender, term, deadline);
          if (answer instanceof Answer.Done<Grant> done) {
            last.put(contender.lease(), done.value());
          }
          return answer;
        }

        @Override
        public Answer<Optional<Grant>> inspect(LeaseName name, Deadline deadline) {
          return new Answer.Done<>(Optional.ofNullable(last.get(name)));
        }
      };
    }
  }

  /** Answers all of a batch as it answers the first. */
  static class ExtendsAllOrNoneTwin extends HolderTwin {
    @Override
    protected LeaseStore open(TimeSource client) {
      return new ForwardingStore(super.open(client)) {
        @Override
        public List<Answer<Grant>> extendAll(List<Fence> fences, Duration term, Deadline deadline)
            throws InterruptedException {
          Answer<Grant> first = extend(fences.get(0), term, deadline);
          return fences.stream().map(fence -> first).toList();
        }
      };
    }
  }
}
