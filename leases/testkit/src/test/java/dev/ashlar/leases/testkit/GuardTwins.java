package dev.ashlar.leases.testkit;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LossCause;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.FenceRejection;
import dev.ashlar.leases.guard.Fenced;
import dev.ashlar.leases.guard.Floor;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.guard.MemoryFloor.Transaction;
import dev.ashlar.leases.guard.RejectionPublisher;
import dev.ashlar.leases.guard.Standing;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Floors, and guards over them, with a mistake. */
final class GuardTwins {

  private GuardTwins() {}

  /** The contract over a floor that waits for nobody, and has one mistake. */
  abstract static class FloorTwin extends MemoryGuardTest {
    final Map<String, Fence> floors = new ConcurrentHashMap<>();

    /** Returns whether the floor moves to a fence. */
    boolean raises(Fence floor, Fence fence) {
      return floor.token().compareTo(fence.token()) < 0;
    }

    /** Returns whether a fence may write over a floor. */
    boolean passes(Fence floor, Fence fence) {
      return floor.equals(fence);
    }

    @Override
    protected Floor<Transaction> floor() {
      return new Floor<>() {
        @Override
        public Standing raise(String resource, Fence fence, Deadline deadline) {
          Fence after =
              floors.merge(resource, fence, (old, late) -> raises(old, late) ? late : old);
          return standing(after.equals(fence), after);
        }

        @Override
        public Standing check(Transaction tx, String resource, Fence fence) {
          Optional<Fence> floor = Optional.ofNullable(floors.get(resource));
          return floor.isEmpty()
              ? new Standing.Differs(floor)
              : standing(passes(floor.get(), fence), floor.get());
        }
      };
    }

    static Standing standing(boolean level, Fence floor) {
      return level ? new Standing.Level() : new Standing.Differs(Optional.of(floor));
    }

    @Override
    protected void forgetClaim(String resource) {
      floors.remove(resource);
    }

    @Override
    protected Duration patience() {
      return Duration.ofSeconds(5);
    }
  }

  /** Waits for no write that is under way. */
  static class DoesNotWaitTwin extends FloorTwin {}

  /** Lets everybody write. */
  static class NoFenceTwin extends FloorTwin {
    @Override
    boolean passes(Fence floor, Fence fence) {
      return true;
    }
  }

  /** Keeps the floor in the memory of the guard's process. */
  static class VolatileFloorTwin extends FloorTwin {
    @Override
    protected void restartResource() {
      floors.clear();
    }
  }

  /** Looks whether there is a floor, and then sets one, as if nobody else did meanwhile. */
  static class LooksThenActsTwin extends FloorTwin {
    @Override
    protected Floor<Transaction> floor() {
      Floor<Transaction> inner = super.floor();
      return new Floor<>() {
        @Override
        public Standing raise(String resource, Fence fence, Deadline deadline)
            throws InterruptedException {
          Fence seen = floors.get(resource);
          TimeSource.system().sleep(Duration.ofMillis(50 - 10 * fence.token().value()));
          if (seen == null || raises(seen, fence)) {
            floors.put(resource, fence);
          }
          Fence after = floors.getOrDefault(resource, fence);
          return standing(after.equals(fence), after);
        }

        @Override
        public Standing check(Transaction tx, String resource, Fence fence) {
          return inner.check(tx, resource, fence);
        }
      };
    }
  }

  /** Moves the floor with the first write instead of before the first read. */
  static class NoClaimTwin extends FloorTwin {
    @Override
    boolean passes(Fence floor, Fence fence) {
      return floor.token().compareTo(fence.token()) <= 0;
    }

    @Override
    protected Floor<Transaction> floor() {
      Floor<Transaction> atFirstWrite = super.floor();
      return new Floor<>() {
        @Override
        public Standing raise(String resource, Fence fence, Deadline deadline) {
          return new Standing.Level();
        }

        @Override
        public Standing check(Transaction tx, String resource, Fence fence) {
          floors.merge(resource, fence, (old, late) -> raises(old, late) ? late : old);
          return atFirstWrite.check(tx, resource, fence);
        }
      };
    }
  }

  /** Lets whoever has a larger number write. */
  static class AcceptsLargerTwin extends FloorTwin {
    @Override
    boolean passes(Fence floor, Fence fence) {
      return floor.token().compareTo(fence.token()) <= 0;
    }
  }

  /** Compares numbers, and not whose they are. */
  static class IgnoresNonceTwin extends FloorTwin {
    @Override
    boolean raises(Fence floor, Fence fence) {
      return floor.token().compareTo(fence.token()) <= 0;
    }
  }

  /** Takes the same claim for a late one when it comes again. */
  static class RefusesRepeatTwin extends FloorTwin {
    @Override
    protected Floor<Transaction> floor() {
      Floor<Transaction> inner = super.floor();
      return new Floor<>() {
        @Override
        public Standing raise(String resource, Fence fence, Deadline deadline)
            throws InterruptedException {
          return fence.equals(floors.get(resource))
              ? new Standing.Unknown(
                  new BackendException("duplicate key", Effect.NONE, new Advice.Permanent(), null))
              : inner.raise(resource, fence, deadline);
        }

        @Override
        public Standing check(Transaction tx, String resource, Fence fence) {
          return inner.check(tx, resource, fence);
        }
      };
    }

    /** A failure of the backend is no failed assertion, so it is made one. */
    @Override
    protected Guard<Transaction> guard(Floor<Transaction> floor, RejectionPublisher rejections) {
      Guard<Transaction> inner = super.guard(floor, rejections);
      return (resource, lease, deadline) -> {
        try {
          return inner.claim(resource, lease, deadline);
        } catch (BackendException e) {
          return new Fenced.Rejected<>(
              new FenceRejection(resource, lease.fence(), Optional.empty()));
        }
      };
    }
  }

  /** Keeps to itself that a holder was rejected. */
  static class TellsNobodyTwin extends MemoryGuardTest {
    @Override
    protected Guard<Transaction> guard(Floor<Transaction> floor, RejectionPublisher rejections) {
      Guard<Transaction> inner = super.guard(floor, rejections);
      return (resource, lease, deadline) -> inner.claim(resource, deaf(lease), deadline);
    }

    private static Lease deaf(Lease lease) {
      return new ForwardingLease(lease) {
        @Override
        public void lose(LossCause cause) {}
      };
    }
  }

  /** Takes a floor that is above for a late holder, always. */
  static class TakesRegressionForLateTwin extends MemoryGuardTest {
    @Override
    protected Guard<Transaction> guard(Floor<Transaction> floor, RejectionPublisher rejections) {
      return (resource, lease, deadline) -> {
        Standing standing = floor.raise(resource, lease.fence(), deadline);
        if (standing instanceof Standing.Differs differs) {
          lease.lose(LossCause.FENCED_BY_RESOURCE);
          return new Fenced.Rejected<Claim<Transaction>>(
              new FenceRejection(resource, lease.fence(), differs.floor()));
        }
        return super.guard(floor, rejections).claim(resource, lease, deadline);
      };
    }
  }

  /** Has one floor for all that is claimed under a lease. */
  static class OneFloorForALeaseTwin extends MemoryGuardTest {
    @Override
    protected Floor<Transaction> floor() {
      Floor<Transaction> inner = super.floor();
      return new Floor<>() {
        @Override
        public Standing raise(String resource, Fence fence, Deadline deadline)
            throws InterruptedException {
          return inner.raise(fence.lease().value(), fence, deadline);
        }

        @Override
        public Standing check(Transaction tx, String resource, Fence fence) {
          return inner.check(tx, fence.lease().value(), fence);
        }
      };
    }
  }

  /** Lets rejections end where they are made. */
  static class KeepsRejectionsTwin extends MemoryGuardTest {
    @Override
    protected Guard<Transaction> guard(Floor<Transaction> floor, RejectionPublisher rejections) {
      return super.guard(floor, rejection -> {});
    }
  }

  /** Gives up a rejection that did not go out at once. */
  static class TriesOnceTwin extends MemoryGuardTest {
    @Override
    protected Guard<Transaction> guard(Floor<Transaction> floor, RejectionPublisher rejections) {
      return super.guard(
          floor,
          rejection -> {
            try {
              rejections.publish(rejection);
            } catch (BackendException e) {
              // It was worth a try.
            }
          });
    }
  }

  /** Tells of a rejection before the holder has stopped. */
  static class TellsFirstTwin extends MemoryGuardTest {
    @Override
    protected Guard<Transaction> guard(Floor<Transaction> floor, RejectionPublisher rejections) {
      Floor<Transaction> telling =
          new Floor<>() {
            @Override
            public Standing raise(String resource, Fence fence, Deadline deadline)
                throws InterruptedException {
              return told(resource, fence, floor.raise(resource, fence, deadline));
            }

            @Override
            public Standing check(Transaction tx, String resource, Fence fence) {
              return told(resource, fence, floor.check(tx, resource, fence));
            }

            private Standing told(String resource, Fence fence, Standing standing) {
              if (standing instanceof Standing.Differs differs) {
                rejections.publish(new FenceRejection(resource, fence, differs.floor()));
              }
              return standing;
            }
          };
      return super.guard(telling, rejection -> {});
    }
  }
}
