package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.FencingToken;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.testkit.ForwardingStore;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;

/** Stores with the mistakes that are usual with ZooKeeper. */
final class ZooKeeperTwins {

  private ZooKeeperTwins() {}

  private static List<Place> queue(CuratorFramework client, Contender contender) {
    try {
      String path = ClosingStore.ROOT + "/queue/l-" + contender.lease().value();
      return Place.queue(client.getChildren().forPath(path));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Gives the number in the name of the lock node as token, which the parent node counts. */
  private static final class SuffixTokens extends ForwardingStore implements AutoCloseable {
    private final ClosingStore store;
    private final Map<Contender, FencingToken> real = new ConcurrentHashMap<>();

    SuffixTokens(ClosingStore store) {
      super(store);
      this.store = store;
    }

    @Override
    public Answer<Grant> grant(Contender contender, Duration term, Deadline deadline)
        throws InterruptedException {
      return translated(super.grant(contender, term, deadline));
    }

    @Override
    public Answer<Grant> extend(Fence fence, Duration term, Deadline deadline)
        throws InterruptedException {
      FencingToken token = real.getOrDefault(fence.holder(), fence.token());
      return translated(super.extend(new Fence(fence.holder(), token), term, deadline));
    }

    private Answer<Grant> translated(Answer<Grant> answer) {
      if (!(answer instanceof Answer.Done<Grant> done)) {
        return answer;
      }
      Contender holder = done.value().fence().holder();
      real.put(holder, done.value().fence().token());
      int number = queue(store.client(), holder).get(0).number();
      Fence fence = new Fence(holder, new FencingToken(number + 1L));
      return new Answer.Done<>(new Grant(fence, done.value().term()));
    }

    @Override
    public void close() {
      store.close();
    }
  }

  static class SuffixTokenTwin extends ZooKeeperLeaseProperties {
    @Override
    protected LeaseStore open(TimeSource client) throws Exception {
      return new SuffixTokens(ClosingStore.open(server, client));
    }
  }

  /** Takes a node that has its nonce for its own, whichever session has it. */
  private static final class NoOwnerCheck extends ForwardingStore {
    private final ClosingStore store;

    NoOwnerCheck(ClosingStore store) {
      super(store);
      this.store = store;
    }

    @Override
    public Answer<Grant> grant(Contender contender, Duration term, Deadline deadline)
        throws InterruptedException {
      Optional<Fence> held = heldByNonce(contender, term, deadline);
      return held.isPresent()
          ? new Answer.Done<>(new Grant(held.get(), term))
          : super.grant(contender, term, deadline);
    }

    private Optional<Fence> heldByNonce(Contender contender, Duration term, Deadline deadline)
        throws InterruptedException {
      List<Place> queue = queueOrNone(contender);
      if (queue.isEmpty() || !queue.get(0).nonce().equals(contender.nonce())) {
        return Optional.empty();
      }
      Contender asking = new Contender(contender.lease(), "asking", contender.nonce() + "x");
      Answer<Grant> answer = super.grant(asking, term, deadline);
      store.release(asking, deadline);
      return answer instanceof Answer.Refused<Grant> refused
          ? refused.current().map(Grant::fence)
          : Optional.empty();
    }

    private List<Place> queueOrNone(Contender contender) {
      try {
        return queue(store.client(), contender);
      } catch (IllegalStateException e) {
        return List.of();
      }
    }
  }

  static class NoOwnerCheckTwin extends ZooKeeperSessionProperties {
    @Override
    LeaseStore seen(ClosingStore store) {
      return new NoOwnerCheck(store);
    }
  }

  /** Keeps what it has for as long as its session lives, as a lock does. */
  private static final class LastsWithTheSession extends ForwardingStore implements AutoCloseable {
    private final ClosingStore store;
    private volatile boolean closed;

    LastsWithTheSession(ClosingStore store) {
      super(store);
      this.store = store;
    }

    @Override
    public Answer<Grant> grant(Contender contender, Duration term, Deadline deadline)
        throws InterruptedException {
      Answer<Grant> answer = super.grant(contender, term, deadline);
      if (answer instanceof Answer.Done<Grant> done) {
        Thread thread = new Thread(() -> keep(done.value(), term), "keep");
        thread.setDaemon(true);
        thread.start();
      }
      return answer;
    }

    private void keep(Grant grant, Duration term) {
      TimeSource time = TimeSource.system();
      try {
        Answer<Grant> answer = new Answer.Done<>(grant);
        while (!closed && answer instanceof Answer.Done) {
          time.sleep(term.dividedBy(4));
          answer = inner().extend(grant.fence(), term, Deadline.after(term, time));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      closed = true;
      store.close();
    }
  }

  static class LastsWithTheSessionTwin extends ZooKeeperLeaseProperties {
    @Override
    protected LeaseStore open(TimeSource client) throws Exception {
      return new LastsWithTheSession(ClosingStore.open(server, client));
    }

    @Override
    protected Duration patience() {
      return Duration.ofSeconds(5);
    }
  }

  /** Comes back from a restart with nothing, and yet says that its numbers are strict. */
  static class EmptyAfterRestartTwin extends ZooKeeperLeaseProperties {
    private static final Server OWN = Server.start();

    EmptyAfterRestartTwin() {
      super(OWN);
    }

    @Override
    protected void restartStore() {
      OWN.restartWithoutData();
    }
  }

  /**
   * Takes a beacon of any session, which proves that the process is alive, for a word on all that
   * it was ever granted.
   */
  private static final class BeaconForAll extends ForwardingStore implements AutoCloseable {
    private final ClosingStore store;

    BeaconForAll(ClosingStore store) {
      super(store);
      this.store = store;
    }

    @Override
    public List<Answer<Grant>> extendAll(List<Fence> fences, Duration term, Deadline deadline) {
      try {
        store.client().create().orSetData().forPath(ClosingStore.ROOT + "/beacon/twin");
      } catch (Exception e) {
        BackendException failure =
            new BackendException("beacon", Effect.UNKNOWN, new Advice.Transient(), e);
        return Collections.nCopies(fences.size(), new Answer.Unknown<>(failure));
      }
      return fences.stream()
          .<Answer<Grant>>map(fence -> new Answer.Done<>(new Grant(fence, term)))
          .toList();
    }

    @Override
    public void close() {
      store.close();
    }
  }

  static class BeaconForAllTwin extends ZooKeeperRenewalProperties {
    @Override
    LeaseStore seen(ClosingStore store) {
      return new BeaconForAll(store);
    }
  }

  /** Tries again what was not answered, and each try is another one. */
  private static final class RetryWithoutNonce extends ForwardingStore {
    private final AtomicInteger tries = new AtomicInteger();

    RetryWithoutNonce(ClosingStore store) {
      super(store);
    }

    @Override
    public Answer<Grant> grant(Contender contender, Duration term, Deadline deadline)
        throws InterruptedException {
      String nonce = contender.nonce() + "." + tries.incrementAndGet();
      Contender another = new Contender(contender.lease(), contender.owner(), nonce);
      return super.grant(another, term, deadline);
    }
  }

  static class RetryWithoutNonceTwin extends ZooKeeperRetriesProperties {
    @Override
    LeaseStore seen(ClosingStore store) {
      return new RetryWithoutNonce(store);
    }
  }
}
