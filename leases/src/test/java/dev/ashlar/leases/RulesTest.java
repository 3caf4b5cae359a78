package dev.ashlar.leases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The wrong and the right forms of LEASE-R3 and LEASE-R4, and what becomes of them. */
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
    time.advance(Duration.ofSeconds(60));

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

  /** A store whose answers take their time. */
  private final class AnswersAfter implements LeaseStore {
    private final Duration delay;

    AnswersAfter(Duration delay) {
      this.delay = delay;
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
      return store.extend(fence, term, until);
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
