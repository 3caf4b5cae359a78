package dev.ashlar.leases.testkit;

import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.testkit.NaiveStore.Mistake;
import java.time.Duration;

/** Stores with a mistake. */
final class StoreTwins {

  private StoreTwins() {}

  /** The contract over a store with one mistake. */
  abstract static class StoreTwin extends MemoryLeaseStoreTest {
    private final Mistake mistake;
    private LeaseStore store;

    StoreTwin(Mistake mistake) {
      this.mistake = mistake;
      this.store = new NaiveStore(time(), mistake);
    }

    @Override
    protected LeaseStore open(TimeSource client) {
      return store;
    }

    @Override
    protected void restartStore() {
      store = new NaiveStore(time(), mistake);
    }

    /** What never comes is waited for in vain here, so not for long. */
    @Override
    protected Duration patience() {
      return Duration.ofSeconds(1);
    }
  }

  static class CountsPerOwnerTwin extends StoreTwin {
    CountsPerOwnerTwin() {
      super(Mistake.COUNTS_PER_OWNER);
    }
  }

  static class DeletesReleasedTwin extends StoreTwin {
    DeletesReleasedTwin() {
      super(Mistake.DELETES_RELEASED);
    }
  }

  static class KeepsNumberOfOwnerTwin extends StoreTwin {
    KeepsNumberOfOwnerTwin() {
      super(Mistake.KEEPS_NUMBER_OF_OWNER);
    }
  }

  static class NewNumberOnExtendTwin extends StoreTwin {
    NewNumberOnExtendTwin() {
      super(Mistake.NEW_NUMBER_ON_EXTEND);
    }
  }

  static class ShortNumbersTwin extends StoreTwin {
    ShortNumbersTwin() {
      super(Mistake.SHORT_NUMBERS);
    }
  }

  static class VolatileNumbersTwin extends StoreTwin {
    VolatileNumbersTwin() {
      super(Mistake.VOLATILE_NUMBERS);
    }
  }

  static class LetsOwnersInAgainTwin extends StoreTwin {
    LetsOwnersInAgainTwin() {
      super(Mistake.LETS_OWNERS_IN_AGAIN);
    }
  }

  static class ExtendsExpiredTwin extends StoreTwin {
    ExtendsExpiredTwin() {
      super(Mistake.EXTENDS_EXPIRED);
    }
  }

  static class NoNonceTwin extends StoreTwin {
    NoNonceTwin() {
      super(Mistake.NO_NONCE);
    }
  }

  static class NoncesCanBeReusedTwin extends StoreTwin {
    NoncesCanBeReusedTwin() {
      super(Mistake.NONCES_CAN_BE_REUSED);
    }
  }

  static class ReleasesByNameTwin extends StoreTwin {
    ReleasesByNameTwin() {
      super(Mistake.RELEASES_BY_NAME);
    }
  }

  static class ExtendsByNameTwin extends StoreTwin {
    ExtendsByNameTwin() {
      super(Mistake.EXTENDS_BY_NAME);
    }
  }

  static class IgnoresReleaseTwin extends StoreTwin {
    IgnoresReleaseTwin() {
      super(Mistake.IGNORES_RELEASE);
    }
  }

  static class NeverExpiresTwin extends StoreTwin {
    NeverExpiresTwin() {
      super(Mistake.NEVER_EXPIRES);
    }
  }

  static class ClaimsAQueueTwin extends StoreTwin {
    ClaimsAQueueTwin() {
      super(Mistake.CLAIMS_A_QUEUE);
    }
  }

  /** Ends grants by its wall clock, and counts from anew what it has forgotten by a jump. */
  static class SameNumberAfterAJumpTwin extends StoreTwin {
    SameNumberAfterAJumpTwin() {
      super(Mistake.KEEPS_NUMBER_OF_OWNER);
    }

    @Override
    protected void jumpStoreClock(Duration by) {
      if (!by.isNegative()) {
        ((NaiveStore) open(time())).expireAll();
      }
    }
  }
}
