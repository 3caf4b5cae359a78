package dev.ashlar.leases.testkit;

import dev.ashlar.core.Codec;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.leases.versioned.ConditionalStore;
import dev.ashlar.leases.versioned.MemoryConditionalStore;

/** The store in memory keeps the contract. */
@Subject("memory")
class MemoryConditionalStoreTest extends ConditionalStoreContract {

  private final ConditionalStore<String> store = MemoryConditionalStore.of(Codec.utf8());

  @Override
  protected ConditionalStore<String> open() {
    return store;
  }
}
