package dev.ashlar.leases.versioned;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.leases.guard.FenceRejection;
import dev.ashlar.leases.guard.Fenced;
import dev.ashlar.leases.guard.MemoryFloor;
import dev.ashlar.leases.guard.MemoryFloor.Transaction;
import dev.ashlar.leases.guard.ResourceWriter;
import java.util.Optional;
import java.util.OptionalLong;

/** A store in memory whose writes are made while no successor can claim. */
record ClaimedMemoryStore<V>(
    MemoryConditionalStore<V> store, ResourceWriter<Transaction> claim, MemoryFloor floor)
    implements ConditionalStore<V> {

  ClaimedMemoryStore {
    requireNonNull(claim, "claim");
    requireNonNull(floor, "floor");
  }

  @Override
  public Versioned<V> get(Key key, Deadline deadline) throws InterruptedException {
    return store.get(key, deadline);
  }

  @Override
  public Outcome<V> apply(Write<V> write, Deadline deadline) throws InterruptedException {
    Optional<FenceRejection> rejection;
    try (Transaction tx = floor.begin()) {
      Fenced<Outcome<V>> outcome = claim.write(tx, () -> store.apply(write, deadline));
      if (outcome instanceof Fenced.Accepted<Outcome<V>> accepted) {
        return accepted.value();
      }
      rejection =
          outcome instanceof Fenced.Rejected<Outcome<V>> rejected
              ? Optional.of(rejected.rejection())
              : Optional.empty();
    } catch (BackendException e) {
      return new Outcome.Unknown<>(e);
    }
    return refused(write, rejection, deadline);
  }

  private Outcome<V> refused(Write<V> write, Optional<FenceRejection> rejection, Deadline deadline)
      throws InterruptedException {
    Versioned<V> current;
    try {
      current = store.get(write.key(), deadline);
    } catch (BackendException e) {
      return new Outcome.Unknown<>(e);
    }
    OptionalLong before = current.appliedAt(write.nonce());
    return before.isPresent()
        ? new Outcome.Applied<>(before.getAsLong())
        : new Outcome.Stale<>(rejection, current);
  }
}
