package dev.ashlar.leases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.guard.MemoryFloor;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The wrong and the right forms of LEASE-R3, LEASE-R4, LEASE-R13, LEASE-R15 and LEASE-R18, and what
 * becomes of them.
 */
class RulesTest {

  private static final LeaseName NIGHTLY = new LeaseName("nightly");
  private static final Duration TERM = Duration.ofSeconds(15);

  private final ManualTime time = ManualTime.create();
  private final MemoryLeaseStore store = MemoryLeaseStore.of(time);
  private final Contender contender = Contender.of(NIGHTLY, "host-1", IdSource.system());
  private final Deadline deadline = Deadline.after(Duration.ofMinutes(1), time);

  /** A holder that stores the end of its lease as a date. */
  private final class Dated {
    private final Instant end;

    // [readme:wall-clock]
    Dated(Grant grant) {
      end = time.wallTime().plus(grant.term());
    }

    boolean isHeld() {
      return time.wallTime().isBefore(end); // Somebody sets the clock back, and it is held again.
    }
    // [/readme]
  }

  @Test
  void aDateIsBelievedForAsLongAsTheClockSays() throws Exception {
    Dated dated = new Dated(grant());
    Lease lease = kept();
    time.jumpWall(Duration.ofHours(-1));
    time.pause(Duration.ofSeconds(60));

    assertThat(dated.isHeld()).isTrue();
    assertThat(isHeld(lease)).isFalse();
  }

  private static boolean isHeld(Lease lease) {
    // [readme:elapsed-clock]
    boolean held = lease.stillHeld(); // By the elapsed clock, which nobody sets.
    // [/readme]
    return held;
  }

  private Grant grant() throws InterruptedException {
    return ((Answer.Done<Grant>) store.grant(contender, TERM, deadline)).value();
  }

  private Lease kept() throws InterruptedException {
    LeaseOptions options = LeaseOptions.of("host-1", new SplittableRandom(1));
    Leases leases = Leases.of(store, options, IdSource.system(), time, Observer.none());
    return leases.tryAcquire(new LeaseName("other"), deadline).lease().orElseThrow();
  }

  @Test
  void whoCountsFromTheAnswerBelievesLongerThanTheStore() throws Exception {
    LeaseStore slow = new AnswersAfter(Duration.ofSeconds(10));
    long wrong = endFromTheAnswer(slow);
    assertThat(time.nanos() + Duration.ofSeconds(5).toNanos()).isLessThan(wrong);

    Contender other = Contender.of(new LeaseName("right"), "host-1", IdSource.system());
    long sent = time.nanos();
    long right = endFromTheSending(slow, other);
    assertThat(right).isEqualTo(sent + TERM.toNanos());
  }

  private long endFromTheAnswer(LeaseStore slow) throws InterruptedException {
    // [readme:from-the-answer]
    Answer<Grant> answer = slow.grant(contender, TERM, deadline);
    long endNanos = time.nanos() + TERM.toNanos(); // The store's term began long before.
    // [/readme]
    assertThat(answer).isInstanceOf(Answer.Done.class);
    return endNanos;
  }

  private long endFromTheSending(LeaseStore slow, Contender other) throws InterruptedException {
    // [readme:from-the-sending]
    long sentNanos = time.nanos();
    Answer<Grant> answer = slow.grant(other, TERM, deadline);
    long endNanos = sentNanos + TERM.toNanos(); // Less drift and margin: what Leases does for you.
    // [/readme]
    assertThat(answer).isInstanceOf(Answer.Done.class);
    return endNanos;
  }

  @Test
  void aTermThatIsShorterThanAPauseIsLostInEach() throws Exception {
    LeaseOptions options = LeaseOptions.of("host-1", new SplittableRandom(1));
    // [readme:short-term]
    LeaseOptions hasty = options.withTerm(Duration.ofSeconds(2)); // A collector may take three.
    // [/readme]
    // [readme:long-term]
    LeaseOptions patient = options.withTerm(Duration.ofSeconds(20));
    // [/readme]
    Lease first = kept(hasty, "first");
    Lease second = kept(patient, "second");
    time.advance(Duration.ofSeconds(3));

    assertThat(first.stillHeld()).isFalse();
    assertThat(second.stillHeld()).isTrue();
  }

  private Lease kept(LeaseOptions options, String name) throws InterruptedException {
    // Renewals find nobody: what passes is one pause.
    LeaseStore silent = new AnswersAfter(Duration.ZERO, false);
    Leases leases = Leases.of(silent, options, IdSource.system(), time, Observer.none());
    return leases.tryAcquire(new LeaseName(name), deadline).lease().orElseThrow();
  }

  @Test
  void aNameForEachOrderIsKeptForEver() {
    Set<LeaseName> wrong = new HashSet<>();
    Set<LeaseName> right = new HashSet<>();
    for (int order = 0; order < 10_000; order++) {
      wrong.add(nameOf("order-" + order));
      right.add(sliceOf("order-" + order));
    }

    assertThat(wrong).hasSize(10_000);
    assertThat(right).hasSize(64);
  }

  private static LeaseName nameOf(String orderId) {
    // [readme:name-per-order]
    return new LeaseName(orderId); // A row, or a node, for each order there ever was.
    // [/readme]
  }

  private static LeaseName sliceOf(String orderId) {
    // [readme:name-per-slice]
    int slice = Math.floorMod(orderId.hashCode(), 64);
    return new LeaseName("orders-" + slice);
    // [/readme]
  }

  @Test
  void aResourceUnderTwoLeasesIsRefused() throws Exception {
    Guard<MemoryFloor.Transaction> guard = Guard.over(MemoryFloor.of(time), Observer.none());
    LeaseOptions options = LeaseOptions.of("host-1", new SplittableRandom(1));
    Leases leases = Leases.of(store, options, IdSource.system(), time, Observer.none());
    Lease nightly = leases.tryAcquire(NIGHTLY, deadline).lease().orElseThrow();
    Lease monthly = leases.tryAcquire(new LeaseName("monthly"), deadline).lease().orElseThrow();
    assertThat(claimed(guard, nightly).resource()).isEqualTo("accounts");
    assertThatThrownBy(() -> claimedByAnother(guard, monthly))
        .isInstanceOf(IllegalStateException.class);
  }

  private Claim<MemoryFloor.Transaction> claimed(
      Guard<MemoryFloor.Transaction> guard, Lease nightly) throws InterruptedException {
    // [readme:one-lease]
    return guard.claim("accounts", nightly, deadline).orThrow(); // In each job that writes them.
    // [/readme]
  }

  private Claim<MemoryFloor.Transaction> claimedByAnother(
      Guard<MemoryFloor.Transaction> guard, Lease monthly) throws InterruptedException {
    // [readme:two-leases]
    return guard.claim("accounts", monthly, deadline).orThrow(); // The nightly job has them too.
    // [/readme]
  }

  /** A store whose answers take their time. */
  private final class AnswersAfter implements LeaseStore {
    private final Duration delay;
    private final boolean extending;

    AnswersAfter(Duration delay) {
      this(delay, true);
    }

    AnswersAfter(Duration delay, boolean extending) {
      this.delay = delay;
      this.extending = extending;
    }

    @Override
    public Guarantees guarantees() {
      return store.guarantees();
    }

    @Override
    public Answer<Grant> grant(Contender asker, Duration term, Deadline until)
        throws InterruptedException {
      Answer<Grant> answer = store.grant(asker, term, until);
      time.advance(delay);
      return answer;
    }

    @Override
    public Answer<Grant> extend(Fence fence, Duration term, Deadline until)
        throws InterruptedException {
      if (extending) {
        return store.extend(fence, term, until);
      }
      return new Answer.Unknown<>(
          new BackendException("store: cut off", Effect.NONE, new Advice.Transient(), null));
    }

    @Override
    public Answer<Optional<Grant>> inspect(LeaseName name, Deadline until)
        throws InterruptedException {
      return store.inspect(name, until);
    }

    @Override
    public Answer<Contender> release(Contender holder, Deadline until) throws InterruptedException {
      return store.release(holder, until);
    }
  }
}
