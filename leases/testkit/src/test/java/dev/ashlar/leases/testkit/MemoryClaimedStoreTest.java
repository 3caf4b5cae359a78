package dev.ashlar.leases.testkit;

import dev.ashlar.core.Codec;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Floor;
import dev.ashlar.leases.guard.MemoryFloor;
import dev.ashlar.leases.guard.MemoryFloor.Transaction;
import dev.ashlar.leases.versioned.ConditionalStore;
import dev.ashlar.leases.versioned.MemoryConditionalStore;

/** The store in memory keeps the contract of writes under a claim. */
@Subject("memory")
class MemoryClaimedStoreTest extends ClaimedStoreContract<Transaction> {

  private final MemoryFloor floor = MemoryFloor.of(TimeSource.system());
  private final MemoryConditionalStore<String> store = MemoryConditionalStore.of(Codec.utf8());

  final MemoryFloor memory() {
    return floor;
  }

  @Override
  protected ConditionalStore<String> open() {
    return store;
  }

  @Override
  protected Floor<Transaction> floor() {
    return floor;
  }

  @Override
  protected ConditionalStore<String> under(Claim<Transaction> claim) {
    return store.under(claim, floor);
  }
}
