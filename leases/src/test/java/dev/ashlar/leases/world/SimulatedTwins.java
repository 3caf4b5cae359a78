package dev.ashlar.leases.world;

import java.util.Optional;

/** The protocol with one defence taken away. */
final class SimulatedTwins {

  private SimulatedTwins() {}

  /** Of a holder of leases. */
  abstract static class OneLess extends SimulatedLeases {
    private final Defence taken;

    OneLess(Defence taken) {
      this.taken = taken;
    }

    @Override
    protected Optional<Defence> taken() {
      return Optional.of(taken);
    }
  }

  /** Of an election. */
  abstract static class OneLessElected extends SimulatedElections {
    private final Defence taken;

    OneLessElected(Defence taken) {
      this.taken = taken;
    }

    @Override
    protected Optional<Defence> taken() {
      return Optional.of(taken);
    }
  }

  /** Of the options. */
  abstract static class OneOptionLess extends SimulatedOptions {
    private final Defence taken;

    OneOptionLess(Defence taken) {
      this.taken = taken;
    }

    @Override
    protected Optional<Defence> taken() {
      return Optional.of(taken);
    }
  }

  /** Writes are taken from whoever comes. */
  static class NoFenceInTheWorldTwin extends OneLess {
    NoFenceInTheWorldTwin() {
      super(Defence.FENCE);
    }
  }

  /** The floor moves with the first write, so what was read before it may be old. */
  static class FenceWithoutClaimTwin extends OneLess {
    FenceWithoutClaimTwin() {
      super(Defence.CLAIM);
    }
  }

  /** A slow answer makes the holder believe for longer. */
  static class DeadlineFromReceiptTwin extends OneLess {
    DeadlineFromReceiptTwin() {
      super(Defence.COUNTS_FROM_SENDING);
    }
  }

  /** The store's clock is a little faster, and grants the lease to another. */
  static class TermToItsEndTwin extends OneLess {
    TermToItsEndTwin() {
      super(Defence.STOPS_EARLIER);
    }
  }

  /** Somebody sets the clock, and the holder believes for longer. */
  static class WallClockInTheDeadlineTwin extends OneLess {
    WallClockInTheDeadlineTwin() {
      super(Defence.ELAPSED_CLOCK);
    }
  }

  /** One owner, one number. */
  static class SameTokenToTheSameOwnerTwin extends OneLess {
    SameTokenToTheSameOwnerTwin() {
      super(Defence.NEW_NUMBER);
    }
  }

  /** A release that comes late ends a successor's grant. */
  static class ReleaseByNameOnlyTwin extends OneLess {
    ReleaseByNameOnlyTwin() {
      super(Defence.RELEASE_BY_NONCE);
    }
  }

  /** A neighbour's grant is taken for the own that was not heard of. */
  static class RetryWithoutNonceTwin extends OneLess {
    RetryWithoutNonceTwin() {
      super(Defence.RETRY_WITH_NONCE);
    }
  }

  /** A resource that begins again lets everybody write. */
  static class FloorInMemoryOnlyTwin extends OneLess {
    FloorInMemoryOnlyTwin() {
      super(Defence.DURABLE_FLOOR);
    }
  }

  /** No answer, no loss. */
  static class LossFromEventsOnlyTwin extends OneLess {
    LossFromEventsOnlyTwin() {
      super(Defence.OWN_DEADLINE);
    }
  }

  /** A holder that is no more has the lease for ever. */
  static class TermWithoutAnEndTwin extends OneLess {
    TermWithoutAnEndTwin() {
      super(Defence.TERM_ENDS);
    }
  }

  /** The one answer that says so gets lost. */
  static class ToldOnceTwin extends OneLess {
    ToldOnceTwin() {
      super(Defence.TELLS_UNTIL_HEARD);
    }
  }

  // Of an election.

  /** Leads from what its listener heard to what it hears next. */
  static class TermByTheLastEventTwin extends OneLessElected {
    TermByTheLastEventTwin() {
      super(Defence.TERM_BY_CLOCK);
    }
  }

  /** Stands again, and gives leases back, whatever its listener does. */
  static class DoesNotWaitForListenersTwin extends OneLessElected {
    DoesNotWaitForListenersTwin() {
      super(Defence.WAITS_FOR_LISTENERS);
    }
  }

  /** No answer, no end of the term. */
  static class LeadsUntilToldTwin extends OneLessElected {
    LeadsUntilToldTwin() {
      super(Defence.OWN_DEADLINE);
    }
  }

  /** Somebody sets the clock, and the leader leads for longer. */
  static class LeadsByTheWallClockTwin extends OneLessElected {
    LeadsByTheWallClockTwin() {
      super(Defence.ELAPSED_CLOCK);
    }
  }

  /** A leader that comes again has its old number. */
  static class SameNumberAgainTwin extends OneLessElected {
    SameNumberAgainTwin() {
      super(Defence.NEW_NUMBER);
    }
  }

  /** A leader that is no more leads for ever. */
  static class NobodyIsElectedTwin extends OneLessElected {
    NobodyIsElectedTwin() {
      super(Defence.TERM_ENDS);
    }
  }

  /** Whoever thinks that it leads writes. */
  static class LeaderWithoutFenceTwin extends OneLessElected {
    LeaderWithoutFenceTwin() {
      super(Defence.FENCE);
    }
  }

  // Of options.

  /** A machine sleeps, its clock too, and its lease looks fresh. */
  static class SleepsUnnoticedTwin extends OneOptionLess {
    SleepsUnnoticedTwin() {
      super(Defence.PAUSE_WATCH);
    }
  }

  /** The next one begins while the last one's writes are under way. */
  static class NoLockDelayTwin extends OneOptionLess {
    NoLockDelayTwin() {
      super(Defence.LOCK_DELAY);
    }
  }

  /** A process that is well keeps the lease for work that hangs. */
  static class HangsForEverTwin extends OneOptionLess {
    HangsForEverTwin() {
      super(Defence.STALL_LIMIT);
    }
  }
}
