package dev.ashlar.examples.sharednothing;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Guarantees;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import java.time.Duration;
import java.util.Optional;

/** The way of one node to the lease store; once it is cut, no answer comes any more. */
final class Wire implements LeaseStore {
  private final LeaseStore store;
  private volatile boolean cut;

  Wire(LeaseStore store) {
    this.store = store;
  }

  void cut() {
    cut = true;
  }

  private interface Request<V> {
    Answer<V> ask() throws InterruptedException;
  }

  private <V> Answer<V> answer(Request<V> request, Deadline deadline) throws InterruptedException {
    if (!cut) {
      return request.ask();
    }
    deadline.time().sleep(deadline.remaining());
    return new Answer.Unknown<>(
        new BackendException("store: no answer", Effect.UNKNOWN, new Advice.Transient(), null));
  }

  @Override
  public Guarantees guarantees() {
    return store.guarantees();
  }

  @Override
  public Answer<Grant> grant(Contender contender, Duration term, Deadline deadline)
      throws InterruptedException {
    return answer(() -> store.grant(contender, term, deadline), deadline);
  }

  @Override
  public Answer<Grant> extend(Fence fence, Duration term, Deadline deadline)
      throws InterruptedException {
    return answer(() -> store.extend(fence, term, deadline), deadline);
  }

  @Override
  public Answer<Optional<Grant>> inspect(LeaseName name, Deadline deadline)
      throws InterruptedException {
    return answer(() -> store.inspect(name, deadline), deadline);
  }

  @Override
  public Answer<Contender> release(Contender contender, Deadline deadline)
      throws InterruptedException {
    return answer(() -> store.release(contender, deadline), deadline);
  }
}
