package dev.ashlar.leases.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Fenced;
import dev.ashlar.leases.guard.MemoryFloor.Transaction;
import dev.ashlar.leases.versioned.ConditionalStore;
import dev.ashlar.leases.versioned.Key;
import dev.ashlar.leases.versioned.Outcome;
import dev.ashlar.leases.versioned.Updated;
import dev.ashlar.leases.versioned.Versioned;
import dev.ashlar.leases.versioned.Write;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Writes under a claim, with a mistake in how the claim and the version come together. */
final class ClaimedTwins {

  private ClaimedTwins() {}

  /** The contract over the good store, of which writes are carried out in some other way. */
  abstract static class WriteTwin extends MemoryClaimedStoreTest {

    abstract Outcome<String> write(Claim<Transaction> claim, Write<String> write, Deadline deadline)
        throws InterruptedException;

    @Override
    protected ConditionalStore<String> under(Claim<Transaction> claim) {
      return new ForwardingConditionalStore<>(open()) {
        @Override
        public Outcome<String> apply(Write<String> write, Deadline deadline)
            throws InterruptedException {
          return WriteTwin.this.write(claim, write, deadline);
        }
      };
    }

    @Override
    protected Duration patience() {
      return Duration.ofSeconds(3);
    }

    final Outcome<String> well(Claim<Transaction> claim, Write<String> write, Deadline deadline)
        throws InterruptedException {
      return super.under(claim).apply(write, deadline);
    }

    final boolean stands(Claim<Transaction> claim) {
      try (Transaction tx = memory().begin()) {
        return claim.write(tx, () -> true) instanceof Fenced.Accepted;
      }
    }

    final Outcome<String> stale(Write<String> write, Deadline deadline)
        throws InterruptedException {
      return new Outcome.Stale<>(Optional.empty(), open().get(write.key(), deadline));
    }
  }

  /** Takes the version for enough. */
  static class IgnoresTheClaimTwin extends WriteTwin {
    @Override
    Outcome<String> write(Claim<Transaction> claim, Write<String> write, Deadline deadline)
        throws InterruptedException {
      return open().apply(write, deadline);
    }
  }

  /** Checks the claim before its first write. */
  static class ChecksOnceTwin extends WriteTwin {
    private final Set<Claim<Transaction>> checked = new HashSet<>();

    @Override
    Outcome<String> write(Claim<Transaction> claim, Write<String> write, Deadline deadline)
        throws InterruptedException {
      if (!checked.add(claim)) {
        return open().apply(write, deadline);
      }
      return well(claim, write, deadline);
    }
  }

  /** Checks the claim, and then writes; it is slow in between. */
  static class ChecksInAnotherTransactionTwin extends WriteTwin {
    @Override
    Outcome<String> write(Claim<Transaction> claim, Write<String> write, Deadline deadline)
        throws InterruptedException {
      if (!stands(claim)) {
        return stale(write, deadline);
      }
      TimeSource.system().sleep(Duration.ofMillis(300));
      return open().apply(write, deadline);
    }
  }

  /** Takes the number for enough, and writes over whatever is there. */
  static class ChecksTheNumberAloneTwin extends WriteTwin {
    @Override
    Outcome<String> write(Claim<Transaction> claim, Write<String> write, Deadline deadline)
        throws InterruptedException {
      Write<String> any =
          new Write<>(
              write.key(),
              write.value(),
              new Write.Version(open().get(write.key(), deadline).version()),
              write.nonce());
      return well(claim, any, deadline);
    }
  }

  /** Says that somebody was quicker, whoever has the lease. */
  static class TakesStaleForConflictTwin extends WriteTwin {
    @Override
    Outcome<String> write(Claim<Transaction> claim, Write<String> write, Deadline deadline)
        throws InterruptedException {
      Outcome<String> outcome = well(claim, write, deadline);
      return outcome instanceof Outcome.Stale<String> stale
          ? new Outcome.Conflict<>(stale.current())
          : outcome;
    }
  }

  /** Shows what was there when it began. */
  static class ShowsASnapshotTwin extends WriteTwin {
    @Override
    Outcome<String> write(Claim<Transaction> claim, Write<String> write, Deadline deadline)
        throws InterruptedException {
      Versioned<String> before = open().get(write.key(), deadline);
      Outcome<String> outcome = well(claim, write, deadline);
      return outcome instanceof Outcome.Conflict ? new Outcome.Conflict<>(before) : outcome;
    }
  }

  /** Refuses a write that comes again without looking whether it was carried out. */
  static class DoesNotLookBackTwin extends WriteTwin {
    @Override
    Outcome<String> write(Claim<Transaction> claim, Write<String> write, Deadline deadline)
        throws InterruptedException {
      return stands(claim) ? well(claim, write, deadline) : stale(write, deadline);
    }
  }

  /** Updates, and takes a claim that is over for a write that never was. */
  static class TakesStaleForNeverTwin extends MemoryClaimedStoreTest {
    @Override
    protected Updated<String> update(
        ConditionalStore<String> store, int triesMax, Key key, Append edit, Deadline deadline)
        throws InterruptedException {
      Updated<String> updated = super.update(store, triesMax, key, edit, deadline);
      if (updated instanceof Updated.Undecided) {
        Versioned<String> current = open().get(key, deadline);
        return new Updated.Stale<>(Optional.empty(), current);
      }
      return updated;
    }
  }
}
