package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.LossCause;
import dev.ashlar.leases.ReleaseOutcome;
import dev.ashlar.leases.keep.Acquisition;
import dev.ashlar.leases.keep.Leases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The properties LEASE-15 to 17, 20 and 33 to 35: what a holder may believe, and its end. */
abstract class HoldingProperties extends ExclusionProperties {

  private static final int LATCH_SECONDS_MAX = 60;
  private static final Set<LeaseState> HELD_STATES = Set.of(LeaseState.HELD, LeaseState.SUSPECT);

  @Test
  @Proves("LEASE-15")
  void aHolderThatHearsNothingStopsBelievingInTime() throws Exception {
    FaultyStore line = faulty();
    Lease lease = held(line, freshName(), term());
    line.set(FaultyStore.Mode.CUT);

    assertLostInTime(lease, granted(line));
  }

  @Test
  @Proves("LEASE-15")
  void aHolderWhoseStoreHangsStopsBelievingInTime() throws Exception {
    CountDownLatch letGo = new CountDownLatch(1);
    FaultyStore line = faulty();
    Lease lease = held(line, freshName(), term());
    line.beforeAnswer(() -> await(letGo));

    assertLostInTime(lease, granted(line));
    letGo.countDown();
  }

  static Grant granted(FaultyStore line) {
    return line.grants().get(0);
  }

  /** Counted from when the lease was there, so later than the lease's own count. */
  private void assertLostInTime(Lease lease, Grant grant) throws Exception {
    Deadline latest = in(believed(grant.term()));
    while (!latest.hasExpired()) {
      pass(latest.remaining());
    }
    assertThat(lease.state()).isEqualTo(LeaseState.LOST);
    assertThat(lease.lossCause()).contains(LossCause.DEADLINE);
    assertThat(lease.remaining()).isEqualTo(Duration.ZERO);
    assertThat(lease.stillHeld()).isFalse();
    assertThat(isUsable(lease)).isFalse();
  }

  static void await(CountDownLatch latch) throws InterruptedException {
    if (!latch.await(LATCH_SECONDS_MAX, TimeUnit.SECONDS)) {
      throw new AssertionError("request: not let go within " + LATCH_SECONDS_MAX + " s");
    }
  }

  @Test
  @Proves("LEASE-16")
  void aSlowAnswerLeavesLessTime() throws Exception {
    Duration slow = term().dividedBy(8);
    FaultyStore line = faulty();
    line.beforeAnswer(() -> passAtLeast(slow));
    Lease lease = held(line, freshName(), term());
    Duration most = believed(granted(line).term()).minus(slow);

    assertThat(lease.remaining()).isLessThanOrEqualTo(most);
    lease.confirm(soon());
    assertThat(lease.remaining()).isLessThanOrEqualTo(most);
  }

  @Test
  @Proves("LEASE-17")
  void jumpsOfTheHoldersWallClockNeitherEndNorLengthenALease() throws Exception {
    JumpingWall client = new JumpingWall(time());
    LeaseName name = freshName();
    LeaseStore others = store();
    FaultyStore line = new FaultyStore(store(client));
    Lease lease = held(leases(line, longTerm(), client), name);
    for (int days : List.of(1, -1, 0)) {
      line.set(FaultyStore.Mode.CUT);
      client.set(Duration.ofDays(days));

      assertThat(lease.state()).isIn(days == -1 ? HELD_STATES : Set.of(LeaseState.SUSPECT));
      assertThat(lease.remaining()).isLessThanOrEqualTo(believed(granted(line).term()));
      line.set(FaultyStore.Mode.WORKING);
      assertHeldBy(others, lease.fence());
      assertThat(lease.confirm(soon(client))).isEqualTo(LeaseState.HELD);
    }
  }

  @Test
  @Proves("LEASE-17")
  void aWallClockThatWentBackDoesNotKeepALostLease() throws Exception {
    for (int days : List.of(-1, 1)) {
      JumpingWall client = new JumpingWall(time());
      FaultyStore line = new FaultyStore(store(client));
      Lease lease = held(leases(line, term(), client), freshName());
      line.set(FaultyStore.Mode.CUT);
      client.set(Duration.ofDays(days));
      assertThat(lease.stillHeld()).isTrue();

      assertLostInTime(lease, granted(line));
    }
  }

  @Test
  @Proves("LEASE-20")
  void anAnswerThatComesTooLateRevivesNothing() throws Exception {
    CountDownLatch letGo = new CountDownLatch(1);
    FaultyStore line = faulty();
    Lease lease = held(line, freshName(), term());
    line.beforeAnswer(() -> await(letGo));
    Background<LeaseState> renewing = Background.start("renew", () -> lease.confirm(soon()));
    promptly("the extension", () -> line.grants().size() > 1);

    eventually("the loss", () -> lease.state() == LeaseState.LOST);
    letGo.countDown();

    assertThat(promptResultOf("the late answer", renewing)).isEqualTo(LeaseState.LOST);
    assertThat(lease.state()).isEqualTo(LeaseState.LOST);
    assertThat(lease.lossCause()).contains(LossCause.DEADLINE);
    assertThat(lease.remaining()).isEqualTo(Duration.ZERO);
  }

  @Test
  @Proves("LEASE-33")
  void closingTwiceAndByManyThreadsIsHarmless() throws Exception {
    LeaseStore store = store();
    Lease lease = held(store, freshName(), longTerm());
    List<Background<Boolean>> closing = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      closing.add(Background.start("close", () -> isClosed(lease)));
    }
    for (Background<Boolean> one : closing) {
      assertThat(promptResultOf("the end of closing", one)).isTrue();
    }
    assertThat(isClosed(lease)).isTrue();
    assertThat(lease.state()).isEqualTo(LeaseState.RELEASED);
    assertThat(lease.release(soon())).isEqualTo(ReleaseOutcome.ALREADY_LOST);
    assertFree(store, lease.name());
  }

  /** What closing throws is a failed test, whatever it is. */
  private static boolean isClosed(Lease lease) {
    try {
      lease.close();
      return true;
    } catch (RuntimeException e) {
      throw new AssertionError("close: threw " + e, e);
    }
  }

  @Test
  @Proves("LEASE-33")
  void closingALostLeaseDoesNotThrow() throws Exception {
    LeaseName name = freshName();
    FaultyStore line = faulty();
    Lease lease = held(line, name, term());
    line.set(FaultyStore.Mode.CUT);
    grantedAtLast(store(), name, "successor");

    assertThat(isClosed(lease)).isTrue();
    assertThat(lease.state()).isEqualTo(LeaseState.LOST);
  }

  @Test
  @Proves("LEASE-33")
  void closingWhileTheStoreIsSilentDoesNotThrow() throws Exception {
    FaultyStore line = faulty();
    Lease lease = held(line, freshName(), longTerm());
    line.set(FaultyStore.Mode.CUT);

    assertThat(isClosed(lease)).isTrue();
    assertThat(lease.state()).isEqualTo(LeaseState.RELEASED);
  }

  @Test
  @Proves("LEASE-33")
  void closingWhileAnAcquireIsUnderWayLeavesNothing() throws Exception {
    LeaseName name = freshName();
    CountDownLatch letGo = new CountDownLatch(1);
    FaultyStore line = faulty();
    line.beforeAnswer(() -> await(letGo));
    Leases leases = leases(line, term());
    Background<Boolean> asking = Background.start("ask", () -> endsWithoutLease(leases, name));
    promptly("a grant", () -> !line.grants().isEmpty());
    leases.close();
    letGo.countDown();

    assertThat(promptResultOf("the end of asking", asking)).isTrue();
    grantedAtLast(store(), name, "next");
  }

  private boolean endsWithoutLease(Leases leases, LeaseName name) throws InterruptedException {
    try {
      return leases.acquire(name, soon()).lease().isEmpty();
    } catch (IllegalStateException closed) {
      return true;
    }
  }

  @Test
  @Proves("LEASE-34")
  void aReleasedLeaseGoesToTheNextAtOnce() throws Exception {
    LeaseName name = freshName();
    FaultyStore line = faulty();
    Lease lease = held(line, name, longTerm());
    Leases others = leases(store(), longTerm());
    Background<Acquisition> waiting = Background.start("wait", () -> others.acquire(name, soon()));
    long start = time().nanos();

    assertThat(lease.release(soon())).isEqualTo(ReleaseOutcome.RELEASED);
    while (!waiting.isDone() && elapsedSince(start).compareTo(patience()) < 0) {
      pass(Duration.ofMillis(10));
      promptlyOrNot(waiting);
    }

    assertThat(waiting.isDone()).as("granted soon").isTrue();
    assertThat(elapsedSince(start)).isLessThan(granted(line).term());
    Fence next = held(waiting.result()).fence();
    assertThat(next.token()).isGreaterThan(lease.token());
  }

  /** Gives the waiting thread a moment, so that a clock moved by hand does not outrun it. */
  private static void promptlyOrNot(Background<?> task) throws InterruptedException {
    if (!task.isDone()) {
      TimeSource.system().sleep(Duration.ofMillis(5));
    }
  }

  @Test
  @Proves("LEASE-35")
  void workUnderALeaseEndsBeforeTheStoreIsTold() throws Exception {
    List<String> journal = new CopyOnWriteArrayList<>();
    FaultyStore line = faulty();
    line.beforeRelease(() -> journal.add("told"));
    Lease lease = held(line, freshName(), longTerm());
    Lease.Use use = lease.use().orElseThrow();
    Background<ReleaseOutcome> releasing = Background.start("release", () -> lease.release(soon()));
    promptly("no further use", () -> !isUsable(lease));
    linger();

    journal.add("worked");
    use.close();

    assertThat(promptResultOf("the release", releasing)).isEqualTo(ReleaseOutcome.RELEASED);
    assertThat(journal).containsExactly("worked", "told");
    assertThat(isUsable(lease)).isFalse();
  }

  @Test
  @Proves("LEASE-35")
  void workThatDoesNotEndLeavesTheLeaseToItsTerm() throws Exception {
    FaultyStore line = faulty();
    Lease lease = held(line, freshName(), longTerm());
    Lease.Use use = lease.use().orElseThrow();
    Background<ReleaseOutcome> releasing =
        Background.start("release", () -> lease.release(in(step())));

    assertThat(resultOf("the end of draining", releasing)).isEqualTo(ReleaseOutcome.UNKNOWN);
    assertThat(line.releases()).isEmpty();
    assertThat(lease.state()).isEqualTo(LeaseState.RELEASED);
    use.close();
  }
}
