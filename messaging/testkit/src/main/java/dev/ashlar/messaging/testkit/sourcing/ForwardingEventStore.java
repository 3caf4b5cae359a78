package dev.ashlar.messaging.testkit.sourcing;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.sourcing.Append;
import dev.ashlar.messaging.sourcing.AppendResult;
import dev.ashlar.messaging.sourcing.EventStore;
import dev.ashlar.messaging.sourcing.StoreGuarantees;
import dev.ashlar.messaging.sourcing.StoreOptions;
import dev.ashlar.messaging.sourcing.StreamName;

/**
 * An event store that passes every call on to another one, for those that change one thing.
 *
 * <p><b>Threads.</b> Safe if the other store is.
 */
public class ForwardingEventStore implements EventStore {

  private final EventStore inner;

  /** Makes a store that passes on to {@code inner}. */
  public ForwardingEventStore(EventStore inner) {
    this.inner = requireNonNull(inner, "inner");
  }

  /** Returns the store that calls are passed on to. */
  protected final EventStore inner() {
    return inner;
  }

  @Override
  public String name() {
    return inner.name();
  }

  @Override
  public StoreGuarantees guarantees() {
    return inner.guarantees();
  }

  @Override
  public StoreOptions options() {
    return inner.options();
  }

  @Override
  public AppendResult append(Append append, Deadline deadline) throws InterruptedException {
    return inner.append(append, deadline);
  }

  @Override
  public Slice read(StreamName stream, long after, int most, Deadline deadline)
      throws InterruptedException {
    return inner.read(stream, after, most, deadline);
  }

  @Override
  public void close() {
    inner.close();
  }
}
