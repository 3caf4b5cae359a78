package dev.ashlar.leases.testkit;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Deadline;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Guarantees;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A store that hands every request on, to be overridden where a test wants it otherwise.
 *
 * <p><b>Threads.</b> Safe if the inner one is.
 */
public class ForwardingStore implements LeaseStore {

  private final LeaseStore inner;

  /** Makes a store in front of another. */
  public ForwardingStore(LeaseStore inner) {
    this.inner = requireNonNull(inner, "inner");
  }

  /** Returns the store behind. */
  protected final LeaseStore inner() {
    return inner;
  }

  @Override
  public Guarantees guarantees() {
    return inner.guarantees();
  }

  @Override
  public Answer<Grant> grant(Contender contender, Duration term, Deadline deadline)
      throws InterruptedException {
    return inner.grant(contender, term, deadline);
  }

  @Override
  public Answer<Grant> extend(Fence fence, Duration term, Deadline deadline)
      throws InterruptedException {
    return inner.extend(fence, term, deadline);
  }

  @Override
  public int extendMax() {
    return inner.extendMax();
  }

  @Override
  public List<Answer<Grant>> extendAll(List<Fence> fences, Duration term, Deadline deadline)
      throws InterruptedException {
    return inner.extendAll(fences, term, deadline);
  }

  @Override
  public Answer<Optional<Grant>> inspect(LeaseName name, Deadline deadline)
      throws InterruptedException {
    return inner.inspect(name, deadline);
  }

  @Override
  public Answer<Contender> release(Contender contender, Deadline deadline)
      throws InterruptedException {
    return inner.release(contender, deadline);
  }

  @Override
  public void awaitChange(Contender contender, Deadline deadline) throws InterruptedException {
    inner.awaitChange(contender, deadline);
  }
}
