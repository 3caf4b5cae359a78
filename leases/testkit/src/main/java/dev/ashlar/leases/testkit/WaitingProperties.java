package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.FencingToken;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.ReleaseOutcome;
import dev.ashlar.leases.keep.Acquisition;
import dev.ashlar.leases.keep.Leases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The properties LEASE-37 to 42, 64 and 65: who waits, who looks, and who asks for several. */
abstract class WaitingProperties extends EndingProperties {

  private static final int ROUNDS = 500;
  private static final int DRY_ROUNDS_MAX = 100;
  private static final int WOKEN_MAX = 2;

  @Test
  @Proves("LEASE-37")
  void whoIsInterruptedWhileWaitingIsGrantedNothingLater() throws Exception {
    LeaseName name = freshName();
    Lease lease = held(store(), name, longTerm());
    FaultyStore line = faulty();
    Leases waiters = leases(line, longTerm());
    Background<Acquisition> waiting = Background.start("wait", () -> waiters.acquire(name, soon()));
    promptly("a question", () -> line.refusals() > 0);
    waiting.interrupt();
    promptly("the end of waiting", waiting::isDone);
    assertThatThrownBy(waiting::result).isInstanceOf(InterruptedException.class);
    promptly("the withdrawal", () -> !line.releases().isEmpty());

    assertThat(lease.release(soon())).isEqualTo(ReleaseOutcome.RELEASED);

    Grant next = grantedAtLast(store(), name, "next");
    assertThat(next.fence().holder().owner()).isEqualTo("next");
    assertThat(line.grants()).isEmpty();
  }

  @Test
  @Proves("LEASE-38")
  void waitingEndsAtItsDeadlineWhateverTheWallClockDoes() throws Exception {
    LeaseName name = freshName();
    Lease lease = held(store(), name, longTerm());
    for (int days : List.of(1, -1)) {
      JumpingWall client = new JumpingWall(time());
      FaultyStore line = new FaultyStore(store(client));
      Leases waiters = leases(line, longTerm(), client);
      Duration limit = term().dividedBy(2);
      long start = time().nanos();
      Background<Acquisition> waiting =
          Background.start("wait", () -> waiters.acquire(name, Deadline.after(limit, client)));
      promptly("a question", () -> line.refusals() > 0);
      client.set(Duration.ofDays(days));

      eventually("the end of waiting", waiting::isDone);

      assertThat(waiting.result()).isInstanceOf(Acquisition.Held.class);
      assertThat(elapsedSince(start)).isBetween(limit, limit.plus(slack()));
    }
    assertThat(lease.stillHeld()).isTrue();
  }

  @Test
  @Proves("LEASE-39")
  void theSameOwnerDoesNotGetItASecondTime() throws Exception {
    LeaseName name = freshName();
    Leases leases = leases(store(), longTerm());
    Lease lease = held(leases, name);

    assertThat(leases.tryAcquire(name, soon()).lease()).isEmpty();
    assertThat(lease.confirm(soon())).isEqualTo(LeaseState.HELD);
  }

  @Test
  @Proves("LEASE-40")
  void aLeaseIsUsedAndClosedByAnyThread() throws Exception {
    LeaseName name = freshName();
    Leases leases = leases(store(), longTerm());
    Lease lease = promptResultOf("a lease", Background.start("acquire", () -> held(leases, name)));
    Lease.Use use = lease.use().orElseThrow();
    boolean ended =
        promptResultOf(
            "the end of use",
            Background.start(
                "use",
                () -> {
                  use.close();
                  return isConfirmed(lease);
                }));

    assertThat(ended).isTrue();
    assertThat(promptResultOf("release", Background.start("close", () -> lease.release(soon()))))
        .isEqualTo(ReleaseOutcome.RELEASED);
    assertFree(store(), name);
  }

  private boolean isConfirmed(Lease lease) throws InterruptedException {
    try {
      return lease.confirm(soon()) == LeaseState.HELD;
    } catch (IllegalStateException e) {
      throw new AssertionError("lease: bound to a thread", e);
    }
  }

  @Test
  @Proves(value = "LEASE-41", guarantee = "fifo")
  void whoAsksFirstIsServedFirst() throws Exception {
    LeaseName name = freshName();
    LeaseStore store = store();
    Grant first = granted(store, contender(name), longTerm());
    List<Contender> line = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      line.add(contender(name, "owner-" + i));
      refused(store.grant(line.get(i), longTerm(), soon()));
    }
    // One of them goes away, and the others move up.
    store.release(line.remove(2), soon());
    release(store, first);
    for (Contender next : line) {
      List<Contender> others = new ArrayList<>(line.subList(line.indexOf(next) + 1, line.size()));
      for (Contender other : others) {
        assertThat(store.grant(other, longTerm(), soon())).isInstanceOf(Answer.Refused.class);
      }
      release(store, granted(store, next, longTerm()));
    }
  }

  @Test
  @Proves("LEASE-41")
  void amongEqualsNobodyStarves() throws Exception {
    LeaseName name = freshName();
    LeaseStore store = store();
    RandomGenerator random = Seeds.random(Seeds.next());
    List<String> owners = List.of("a", "b", "c", "d");
    Map<String, Integer> dry = new HashMap<>();
    for (int i = 0; i < ROUNDS; i++) {
      String first = owners.get(random.nextInt(owners.size()));
      Grant grant = granted(store, contender(name, first), longTerm());
      owners.forEach(owner -> dry.merge(owner, 1, Integer::sum));
      dry.put(grant.fence().holder().owner(), 0);
      assertThat(dry.values()).allMatch(rounds -> rounds < DRY_ROUNDS_MAX);
      release(store, grant);
    }
  }

  @Test
  @Proves("LEASE-42")
  void oneReleaseWakesFew() throws Exception {
    LeaseName name = freshName();
    LeaseStore store = store();
    Grant grant = granted(store, contender(name), longTerm());
    List<Background<Contender>> waiting = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Contender contender = contender(name, "waiter-" + i);
      refused(store.grant(contender, longTerm(), soon()));
      waiting.add(
          Background.start(
              "wait",
              () -> {
                store.awaitChange(contender, in(longTerm().dividedBy(2)));
                return contender;
              }));
    }
    linger();

    release(store, grant);

    linger();
    assertThat(waiting.stream().filter(Background::isDone)).hasSizeLessThanOrEqualTo(WOKEN_MAX);
    waiting.forEach(Background::interrupt);
  }

  @Test
  @Proves("LEASE-64")
  void whoeverLooksSeesWhoHasALease() throws Exception {
    LeaseName name = freshName();
    LeaseStore store = store();
    assertThat(done(store.inspect(name, soon()))).isEmpty();

    Grant grant = granted(store, contender(name), longTerm());
    assertThat(done(store().inspect(name, soon())).map(Grant::fence)).contains(grant.fence());

    release(store, grant);
    assertThat(done(store.inspect(name, soon()))).isEmpty();
    Grant next = granted(store(), contender(name), longTerm());
    assertThat(done(store.inspect(name, soon())).map(Grant::fence)).contains(next.fence());
  }

  @Test
  @Proves("LEASE-64")
  void lookingChangesNothing() throws Exception {
    LeaseName name = freshName();
    LeaseStore store = store();
    Fence expired = expired(store, name, "former");

    assertThat(done(store.inspect(name, soon()))).isEmpty();
    assertThat(refused(store.extend(expired, longTerm(), soon()))).isEmpty();
    Grant next = granted(store, contender(name), longTerm());
    assertThat(next.fence().token()).isGreaterThan(expired.token());
  }

  @Test
  @Proves("LEASE-65")
  void severalExtendedAtOnceAreAnsweredAsEachWouldBe() throws Exception {
    LeaseStore store = store();
    Fence over = expired(store, freshName(), "former");
    LeaseName taken = freshName();
    Fence superseded = expired(store, taken, "former");
    Grant held = granted(store, contender(freshName()), longTerm());
    Grant successor = granted(store, contender(taken), longTerm());
    Fence wrong =
        new Fence(held.fence().holder(), new FencingToken(held.fence().token().value() + 1));
    Fence never = new Fence(contender(freshName()), new FencingToken(1));
    List<Fence> asked =
        new ArrayList<>(List.of(over, held.fence(), superseded, never, successor.fence()));

    List<Answer<Grant>> answers = extendAll(store, asked);

    assertThat(refused(answers.get(0))).isEmpty();
    assertThat(done(answers.get(1)).fence()).isEqualTo(held.fence());
    assertThat(refused(answers.get(2)).map(Grant::fence)).contains(successor.fence());
    assertThat(refused(answers.get(3))).isEmpty();
    assertThat(done(answers.get(4)).fence()).isEqualTo(successor.fence());
    assertThat(refused(extendAll(store, List.of(wrong)).get(0))).isNotNull();
    assertHeldBy(store, held.fence());
    assertHeldBy(store, successor.fence());
  }

  private List<Answer<Grant>> extendAll(LeaseStore store, List<Fence> fences)
      throws InterruptedException {
    List<Answer<Grant>> answers = new ArrayList<>();
    int most = Math.max(1, store.extendMax());
    for (int from = 0; from < fences.size(); from += most) {
      List<Fence> some = fences.subList(from, Math.min(fences.size(), from + most));
      answers.addAll(store.extendAll(some, longTerm(), soon()));
    }
    return answers;
  }

  @Test
  @Proves("LEASE-65")
  void manyExtendedAtOnceLastForAnotherTerm() throws Exception {
    LeaseStore store = store();
    List<Fence> fences = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      fences.add(granted(store, contender(freshName()), term()).fence());
    }
    for (int i = 0; i < 4; i++) {
      passAtLeast(term().dividedBy(3));
      for (Answer<Grant> answer : extendAll(store, fences)) {
        done(answer);
      }
    }
    for (Fence fence : fences) {
      Optional<Grant> current = done(store().inspect(fence.lease(), soon()));
      assertThat(current.map(Grant::fence)).contains(fence);
    }
  }
}
