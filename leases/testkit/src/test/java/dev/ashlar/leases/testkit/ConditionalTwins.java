package dev.ashlar.leases.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.leases.testkit.NaiveConditionalStore.Mistake;
import dev.ashlar.leases.versioned.ConditionalStore;
import dev.ashlar.leases.versioned.Edit;
import dev.ashlar.leases.versioned.Key;
import dev.ashlar.leases.versioned.Outcome;
import dev.ashlar.leases.versioned.Updated;
import dev.ashlar.leases.versioned.Versioned;
import dev.ashlar.leases.versioned.Write;
import java.util.Optional;

/** Conditional stores, and updates over a good one, with a mistake. */
final class ConditionalTwins {

  private ConditionalTwins() {}

  /** The contract over a store with one mistake. */
  abstract static class StoreTwin extends ConditionalStoreContract {
    private final ConditionalStore<String> store;

    StoreTwin(Mistake mistake) {
      this.store = new NaiveConditionalStore(mistake);
    }

    @Override
    protected ConditionalStore<String> open() {
      return store;
    }
  }

  static class DeletesRowsTwin extends StoreTwin {
    DeletesRowsTwin() {
      super(Mistake.DELETES_ROWS);
    }
  }

  static class ComparesValuesTwin extends StoreTwin {
    ComparesValuesTwin() {
      super(Mistake.COMPARES_VALUES);
    }
  }

  static class LastWriteWinsTwin extends StoreTwin {
    LastWriteWinsTwin() {
      super(Mistake.LAST_WRITE_WINS);
    }
  }

  static class ReadsAReplicaTwin extends StoreTwin {
    ReadsAReplicaTwin() {
      super(Mistake.READS_A_REPLICA);
    }
  }

  static class OverwritesTwin extends StoreTwin {
    OverwritesTwin() {
      super(Mistake.OVERWRITES);
    }
  }

  static class StillShowsTwin extends StoreTwin {
    StillShowsTwin() {
      super(Mistake.STILL_SHOWS);
    }
  }

  static class TakesAnyNumberTwin extends StoreTwin {
    TakesAnyNumberTwin() {
      super(Mistake.TAKES_ANY_NUMBER);
    }
  }

  static class ForgetsTheNumberTwin extends StoreTwin {
    ForgetsTheNumberTwin() {
      super(Mistake.FORGETS_THE_NUMBER);
    }
  }

  static class IgnoresNoncesTwin extends StoreTwin {
    IgnoresNoncesTwin() {
      super(Mistake.IGNORES_NONCES);
    }
  }

  static class IgnoresCaseTwin extends StoreTwin {
    IgnoresCaseTwin() {
      super(Mistake.IGNORES_CASE);
    }
  }

  static class KeepsOneNonceTwin extends StoreTwin {
    KeepsOneNonceTwin() {
      super(Mistake.KEEPS_ONE_NONCE);
    }
  }

  static class MixesUpNoncesTwin extends StoreTwin {
    MixesUpNoncesTwin() {
      super(Mistake.MIXES_UP_NONCES);
    }
  }

  static class UnboundedTwin extends StoreTwin {
    UnboundedTwin() {
      super(Mistake.UNBOUNDED);
    }
  }

  /** The contract over updates with one mistake, on the store in memory. */
  abstract static class UpdateTwin extends MemoryConditionalStoreTest {

    /** Returns how the update ends, if it does; nothing for another try. */
    abstract Optional<Updated<String>> ended(
        Outcome<String> outcome, Write<String> write, Versioned<String> seen);

    Updated<String> outOfTries(Write<String> write, Versioned<String> seen) {
      return new Updated.Exhausted<>(1, seen);
    }

    @Override
    protected Updated<String> update(
        ConditionalStore<String> store, int triesMax, Key key, Append edit, Deadline deadline)
        throws InterruptedException {
      Versioned<String> seen = open().get(key, soon());
      Write<String> write = write(key, edit, seen);
      for (int i = 0; i < triesMax; i++) {
        seen = open().get(key, soon());
        write = write(key, edit, seen);
        Optional<Updated<String>> end = ended(store.apply(write, deadline), write, seen);
        if (end.isPresent()) {
          return end.get();
        }
      }
      return outOfTries(write, seen);
    }

    Write<String> write(Key key, Append edit, Versioned<String> seen) {
      String value = ((Edit.Put<String>) edit.apply(seen.value())).value();
      return Write.putIfVersion(key, value, seen.version(), nonce());
    }

    static Updated<String> done(long version, Write<String> write) {
      return new Updated.Applied<>(version, write.value());
    }
  }

  /** Takes a missing answer for a refusal, and does it again. */
  static class RetriesBlindlyTwin extends UpdateTwin {
    @Override
    Optional<Updated<String>> ended(
        Outcome<String> outcome, Write<String> write, Versioned<String> seen) {
      return outcome instanceof Outcome.Applied<String> applied
          ? Optional.of(done(applied.version(), write))
          : Optional.empty();
    }
  }

  /** Takes a missing answer for a good one. */
  static class TakesSilenceForYesTwin extends UpdateTwin {
    @Override
    Optional<Updated<String>> ended(
        Outcome<String> outcome, Write<String> write, Versioned<String> seen) {
      return outcome instanceof Outcome.Conflict
          ? Optional.empty()
          : Optional.of(done(seen.version() + 1, write));
    }
  }

  /** Takes a missing answer for a failure. */
  static class TakesSilenceForNoTwin extends UpdateTwin {
    @Override
    Optional<Updated<String>> ended(
        Outcome<String> outcome, Write<String> write, Versioned<String> seen) {
      if (outcome instanceof Outcome.Unknown<String> unknown) {
        return Optional.of(new Updated.Failed<>(unknown.failure()));
      }
      return outcome instanceof Outcome.Applied<String> applied
          ? Optional.of(done(applied.version(), write))
          : Optional.empty();
    }
  }

  /** Reads and writes, without a condition. */
  static class WritesUnconditionallyTwin extends UpdateTwin {
    @Override
    Write<String> write(Key key, Append edit, Versioned<String> seen) {
      String value = ((Edit.Put<String>) edit.apply(seen.value())).value();
      return Write.putIfFence(key, value, fence("none", 1), nonce());
    }

    @Override
    Optional<Updated<String>> ended(
        Outcome<String> outcome, Write<String> write, Versioned<String> seen) {
      return Optional.of(done(seen.version() + 1, write));
    }
  }

  /** Says nothing when it has run out of tries. */
  static class GivesUpSilentlyTwin extends RetriesBlindlyTwin {
    @Override
    Updated<String> outOfTries(Write<String> write, Versioned<String> seen) {
      return done(seen.version(), write);
    }
  }

  /** Reads back, and knows the last nonce alone. */
  static class LooksAtTheLastNonceTwin extends UpdateTwin {
    @Override
    Optional<Updated<String>> ended(
        Outcome<String> outcome, Write<String> write, Versioned<String> seen) {
      if (outcome instanceof Outcome.Applied<String> applied) {
        return Optional.of(done(applied.version(), write));
      }
      try {
        Versioned<String> now = open().get(write.key(), soon());
        boolean mine = now.nonces().stream().findFirst().equals(Optional.of(write.nonce()));
        return mine ? Optional.of(done(now.version(), write)) : Optional.empty();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
