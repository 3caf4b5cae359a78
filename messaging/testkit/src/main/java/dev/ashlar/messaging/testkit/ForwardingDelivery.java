package dev.ashlar.messaging.testkit;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.Settlement;
import java.time.Duration;
import java.util.Optional;

/**
 * A delivery that passes every call on to another one, for those that change one thing.
 *
 * <p><b>Threads.</b> Safe if the other delivery is.
 *
 * @see ForwardingQueue#wrap
 */
public class ForwardingDelivery implements Delivery {

  private final Delivery inner;

  /** Makes a delivery that passes on to {@code inner}. */
  public ForwardingDelivery(Delivery inner) {
    this.inner = requireNonNull(inner, "inner");
  }

  /** Returns the delivery that calls are passed on to. */
  protected final Delivery inner() {
    return inner;
  }

  @Override
  public Message message() {
    return inner.message();
  }

  @Override
  public int attempt() {
    return inner.attempt();
  }

  @Override
  public Optional<Duration> timeToLive() {
    return inner.timeToLive();
  }

  @Override
  public Settlement settle(Outcome outcome, Deadline deadline) throws InterruptedException {
    return inner.settle(outcome, deadline);
  }

  @Override
  public Settlement release(Deadline deadline) throws InterruptedException {
    return inner.release(deadline);
  }

  @Override
  public Settlement renew(Deadline deadline) throws InterruptedException {
    return inner.renew(deadline);
  }
}
