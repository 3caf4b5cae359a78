package dev.ashlar.leases.world;

import dev.ashlar.core.testkit.world.Failure;
import dev.ashlar.core.testkit.world.Simulation;
import java.util.Locale;
import java.util.Optional;

/** The protocol with one defence taken away. */
final class SimulatedTwins {

  private SimulatedTwins() {}

  /** Makes the same runs each time, until one fails or the stated number is over. */
  abstract static class OneLess extends SimulatedLeases {
    private final Defence taken;

    OneLess(Defence taken) {
      this.taken = taken;
    }

    @Override
    protected Form form() {
      return Form.without(taken);
    }

    @Override
    protected void check(String what, Simulation<?> simulation) throws Exception {
      Optional<Failure> failure = simulation.find(1, taken.foundWithin());
      print(what, failure.map(found -> found.run().seed()));
      if (failure.isPresent()) {
        throw new AssertionError(failure.get().describe());
      }
    }

    @Override
    protected void checkEach(String what, OneSeed test) throws Exception {
      for (long seed = 1; seed <= taken.foundWithin(); seed++) {
        try {
          test.check(seed);
        } catch (AssertionError e) {
          print(what, Optional.of(seed));
          throw e;
        }
      }
      print(what, Optional.empty());
    }

    private void print(String what, Optional<Long> found) {
      System.out.printf(
          Locale.ROOT,
          "without %s, %s: %s of %d%n",
          taken,
          what,
          found.map(seed -> "fails at seed " + seed).orElse("does not fail at any"),
          taken.foundWithin());
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
}
