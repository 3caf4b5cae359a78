package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.FencingToken;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.LossCause;
import dev.ashlar.leases.keep.Acquisition;
import dev.ashlar.leases.keep.Leases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The properties LEASE-14, 21, 28 to 31 and 36: how a lease ends, and who is told. */
abstract class EndingProperties extends HoldingProperties {

  @Test
  @Proves("LEASE-14")
  void whatACrashedHolderHadGoesToTheNextWithinTwoTerms() throws Exception {
    LeaseName name = freshName();
    FaultyStore line = faulty();
    Lease lease = held(line, name, term());
    line.set(FaultyStore.Mode.CUT);
    Duration most = granted(line).term().multipliedBy(2).plus(slack());
    Leases others = leases(store(), term());
    long start = time().nanos();
    Background<Acquisition> waiting =
        Background.start("wait", () -> others.acquire(name, in(most)));

    eventually("the next holder", waiting::isDone);

    assertThat(held(waiting.result()).token()).isGreaterThan(lease.token());
    assertThat(elapsedSince(start)).isLessThanOrEqualTo(most);
  }

  @Test
  @Proves("LEASE-21")
  void aRenewalThatHangsDelaysNoOther() throws Exception {
    for (boolean singly : List.of(true, false)) {
      CountDownLatch letGo = new CountDownLatch(1);
      FaultyStore line = faulty();
      if (singly) {
        line.singly();
      }
      Leases leases = leases(line, term());
      Lease stuck = held(leases, freshName());
      Lease other = held(leases, freshName());
      line.hangs(stuck.name(), () -> await(letGo));

      eventually("the loss", () -> stuck.state() == LeaseState.LOST);
      passWhile(granted(line).term(), () -> assertKept(other, granted(line)));
      letGo.countDown();
      other.close();
    }
  }

  @Test
  @Proves("LEASE-28")
  void eachListenerIsToldOnceOfALossAndItsCause() throws Exception {
    for (LossCause cause : LossCause.values()) {
      FaultyStore line = faulty();
      Lease lease = held(losing(line, cause), freshName());
      List<LossCause> told = new CopyOnWriteArrayList<>();
      lease.whenLost(told::add);
      lease.whenLost(told::add);
      bringAbout(cause, lease, line);

      eventually("listeners", () -> told.size() >= 2);

      linger();
      assertThat(told).containsExactly(cause, cause);
      assertThat(lease.lossCause()).contains(cause);
    }
  }

  private Leases losing(FaultyStore line, LossCause cause) {
    return cause == LossCause.STALLED
        ? leases(line, options(term()).withStallMax(term()))
        : leases(line, term());
  }

  private void bringAbout(LossCause cause, Lease lease, FaultyStore line) throws Exception {
    LeaseStore other = store();
    switch (cause) {
      case DEADLINE -> line.set(FaultyStore.Mode.CUT);
      case EXPIRED -> done(other.release(lease.fence().holder(), soon()));
      case SUPERSEDED -> {
        done(other.release(lease.fence().holder(), soon()));
        granted(other, contender(lease.name()), longTerm());
      }
      case FENCED_BY_RESOURCE -> lease.lose(cause);
      case BACKEND_RESET -> line.changes(EndingProperties::withAnotherNumber);
      case STALLED -> {
        // The work says nothing any more.
      }
    }
  }

  private static Answer<Grant> withAnotherNumber(Answer<Grant> answer) {
    if (answer instanceof Answer.Done<Grant> done) {
      Fence fence = done.value().fence();
      FencingToken other = new FencingToken(fence.token().value() + 1);
      return new Answer.Done<>(new Grant(new Fence(fence.holder(), other), done.value().term()));
    }
    return answer;
  }

  @Test
  @Proves("LEASE-28")
  void nobodyIsToldOfALeaseThatWasGivenBack() throws Exception {
    Lease lease = held(store(), freshName(), term());
    List<LossCause> told = new CopyOnWriteArrayList<>();
    lease.whenLost(told::add);
    lease.release(soon());
    lease.lose(LossCause.FENCED_BY_RESOURCE);
    lease.whenLost(told::add);

    passAtLeast(term());

    linger();
    assertThat(told).isEmpty();
    assertThat(lease.state()).isEqualTo(LeaseState.RELEASED);
  }

  @Test
  @Proves("LEASE-28")
  void workThatProgressesIsNotStalled() throws Exception {
    FaultyStore line = faulty();
    Lease lease = held(losing(line, LossCause.STALLED), freshName());

    passWhile(
        granted(line).term().multipliedBy(2),
        () -> {
          lease.progress();
          assertKept(lease, granted(line));
        });
  }

  @Test
  @Proves("LEASE-29")
  void theStateIsLostBeforeAnybodyIsToldOfIt() throws Exception {
    FaultyStore line = faulty();
    Lease lease = held(line, freshName(), term());
    List<LeaseState> seen = new CopyOnWriteArrayList<>();
    lease.whenLost(cause -> seen.add(lease.state()));
    line.set(FaultyStore.Mode.CUT);

    eventually("a listener", () -> !seen.isEmpty());

    assertThat(seen).containsExactly(LeaseState.LOST);
  }

  @Test
  @Proves("LEASE-30")
  void aListenerThatHangsOrFailsDelaysNobody() throws Exception {
    CountDownLatch letGo = new CountDownLatch(1);
    List<String> told = new CopyOnWriteArrayList<>();
    FaultyStore line = faulty();
    Leases leases = leases(line, term());
    Lease slow = held(leases, freshName());
    Lease failing = held(leases, freshName());
    Lease other = held(leases, freshName());
    slow.whenLost(cause -> awaitUnchecked(letGo));
    failing.whenLost(
        cause -> {
          told.add("failing");
          throw new IllegalStateException("listener: fails");
        });
    failing.whenLost(cause -> told.add("next"));
    slow.lose(LossCause.FENCED_BY_RESOURCE);
    failing.lose(LossCause.FENCED_BY_RESOURCE);

    promptly("listeners", () -> told.size() == 2);
    passWhile(granted(line).term().multipliedBy(2), () -> assertKept(other, granted(line)));
    other.whenLost(cause -> told.add("other"));
    other.lose(LossCause.FENCED_BY_RESOURCE);
    promptly("the other's listener", () -> told.size() == 3);

    assertThat(told).containsExactly("failing", "next", "other");
    letGo.countDown();
  }

  private static void awaitUnchecked(CountDownLatch latch) {
    try {
      await(latch);
    } catch (InterruptedException e) {
      throw new AssertionError("listener: interrupted", e);
    }
  }

  @Test
  @Proves("LEASE-31")
  void whoComesAfterTheLossIsToldAtOnce() throws Exception {
    FaultyStore line = faulty();
    Lease lease = held(line, freshName(), term());
    line.set(FaultyStore.Mode.CUT);
    eventually("the loss", () -> lease.state() == LeaseState.LOST);
    List<LossCause> told = new ArrayList<>();

    lease.whenLost(told::add);

    assertThat(told).containsExactly(LossCause.DEADLINE);
  }

  @Test
  @Proves("LEASE-36")
  void closingGivesAllLeasesBackAndEndsAllThreads() throws Exception {
    String owner = contender(freshName()).nonce();
    FaultyStore line = faulty();
    Leases leases = leases(line, options(owner, longTerm()));
    List<Lease> held = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      held.add(held(leases, freshName()));
      held.get(i).confirm(soon());
    }
    passAtLeast(term().dividedBy(3));
    leases.close();

    assertThat(held).allMatch(lease -> lease.state() == LeaseState.RELEASED);
    LeaseStore others = store();
    for (Lease lease : held) {
      assertFree(others, lease.name());
    }
    promptly("the end of threads", () -> threadsOf(owner).isEmpty());
  }

  @Test
  @Proves("LEASE-36")
  void closingAbandonsWhatAStoreThatIsAwayDoesNotTakeBack() throws Exception {
    String owner = contender(freshName()).nonce();
    FaultyStore line = faulty();
    Leases leases = leases(line, options(owner, term()));
    Lease lease = held(leases, freshName());
    line.set(FaultyStore.Mode.CUT);

    leases.close();

    assertThat(lease.state()).isEqualTo(LeaseState.RELEASED);
    int asked = line.grants().size();
    grantedAtLast(store(), lease.name(), "next");
    assertThat(line.grants()).hasSize(asked);
    promptly("the end of threads", () -> threadsOf(owner).isEmpty());
  }

  /** Their names say whose they are. */
  private static Set<Thread> threadsOf(String owner) {
    Set<Thread> named = new HashSet<>(Thread.getAllStackTraces().keySet());
    named.removeIf(thread -> !thread.getName().startsWith("ashlar-leases-" + owner));
    return named;
  }
}
