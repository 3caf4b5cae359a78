package dev.ashlar.messaging.testkit.topic;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.topic.Subscription;
import dev.ashlar.messaging.topic.SubscriptionOptions;
import dev.ashlar.messaging.topic.SubscriptionRegistry;
import java.time.Duration;
import java.util.List;

/** A registry that passes every call on to another one, for those that change one thing. */
class ChangedRegistry implements SubscriptionRegistry {

  private final SubscriptionRegistry inner;

  ChangedRegistry(SubscriptionRegistry inner) {
    this.inner = inner;
  }

  @Override
  public Subscription add(String name, SubscriptionOptions options, Deadline deadline)
      throws InterruptedException {
    return inner.add(name, options, deadline);
  }

  @Override
  public boolean renew(Subscription subscription, Deadline deadline) throws InterruptedException {
    return inner.renew(subscription, deadline);
  }

  @Override
  public boolean detach(Subscription subscription, Deadline deadline) throws InterruptedException {
    return inner.detach(subscription, deadline);
  }

  @Override
  public boolean remove(Subscription subscription, Deadline deadline) throws InterruptedException {
    return inner.remove(subscription, deadline);
  }

  @Override
  public List<Subscription> all(Deadline deadline) throws InterruptedException {
    return inner.all(deadline);
  }

  @Override
  public Duration term() {
    return inner.term();
  }
}
