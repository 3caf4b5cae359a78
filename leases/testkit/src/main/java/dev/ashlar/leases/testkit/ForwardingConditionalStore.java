package dev.ashlar.leases.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.leases.versioned.ConditionalStore;
import dev.ashlar.leases.versioned.Key;
import dev.ashlar.leases.versioned.Outcome;
import dev.ashlar.leases.versioned.Versioned;
import dev.ashlar.leases.versioned.Write;

/** A store that passes everything on, but for what a test does otherwise. */
class ForwardingConditionalStore<V> implements ConditionalStore<V> {

  private final ConditionalStore<V> inner;

  ForwardingConditionalStore(ConditionalStore<V> inner) {
    this.inner = inner;
  }

  @Override
  public Versioned<V> get(Key key, Deadline deadline) throws InterruptedException {
    return inner.get(key, deadline);
  }

  @Override
  public Outcome<V> apply(Write<V> write, Deadline deadline) throws InterruptedException {
    return inner.apply(write, deadline);
  }
}
