package dev.ashlar.leases.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/*
 *          both count           a long turn                       far counts                both count
 *   near   --|#|---|#|---|#########|#########|. . . . . . . . . . . . . . . . . . . . |--------|#|---|#|--
 *   far    |#|---|#|-----------------------------------------|#|-|#|-|#|-|#|-|#|-|#|---|#|-|#|---|#|---|#|
 *                              trouble      LOST, by near's clock             no trouble
 *                              begins                                         any more
 *
 * Nothing here lasts for a set time: each step ends when what it is about has happened.
 */

/**
 * Two contenders who count in turns under one lease. In the middle of a turn of the one called near
 * trouble comes to its way to the servers, and goes when the other one has counted on.
 */
final class Contest {

  private static final TimeSource TIME = TimeSource.system();
  private static final IdSource IDS = IdSource.of(TIME, Seeds.random(Seeds.next()));
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Duration ASKED = Duration.ofMillis(500);
  private static final Duration PACE = Duration.ofMillis(5);
  private static final String NEAR = "near";
  private static final String FAR = "far";
  private static final int TURN = 7;
  private static final int COUNTS = 20;

  private final LeaseName name = new LeaseName("lease-" + IDS.text());
  private final Duration session;
  private final Duration term;
  private final GuardedCounter counter = new GuardedCounter();
  private final Map<String, Integer> counts = new ConcurrentHashMap<>();
  private final List<Background<Boolean>> contenders = new ArrayList<>();
  private final AtomicBoolean hits = new AtomicBoolean();
  private final AtomicBoolean done = new AtomicBoolean();
  private volatile Optional<LastTurn> hit = Optional.empty();

  // Guarded by this.
  private Optional<Lease> latest = Optional.empty();

  /** What comes to the way between a client and the servers that it knows. */
  interface Trouble {

    void begin();

    void end();
  }

  /**
   * Makes a contest.
   *
   * @param session the timeout of both contenders' sessions
   */
  Contest(Duration session) {
    this.session = session;
    this.term = session.multipliedBy(2).dividedBy(3);
  }

  /** Goes through all of it, and asserts that nobody was told anything wrong. */
  void run(LeaseStore near, LeaseStore far, Trouble trouble) throws Exception {
    contenders.add(Background.start(NEAR, () -> contend(NEAR, near)));
    contenders.add(Background.start(FAR, () -> contend(FAR, far)));
    try {
      awaitCounts(NEAR);
      awaitCounts(FAR);
      hits.set(true);
      await("a turn of " + NEAR, () -> hit.isPresent());
      goThrough(trouble, hit.orElseThrow(), near);
      awaitCounts(NEAR);
      awaitCounts(FAR);
    } finally {
      done.set(true);
      awaitEnds();
    }
    for (Background<Boolean> contender : contenders) {
      assertThat(contender.result()).isTrue();
    }
    counter.assertNothingWasLost();
  }

  private void goThrough(Trouble trouble, LastTurn turn, LeaseStore near) throws Exception {
    trouble.begin();
    long begunNanos = TIME.nanos();
    try {
      await("the end of a lease that nobody renews", turn::isOver);
      turn.assertGaveUpByItself(begunNanos, term);
      awaitCounts(FAR);
      counter.assertRefuses(turn.lease().fence());
      assertUnanswered(near);
    } finally {
      trouble.end();
    }
  }

  /** Beyond its deadline a request waits for Curator at most, which may be replacing a handle. */
  private void assertUnanswered(LeaseStore near) throws InterruptedException {
    long asked = TIME.nanos();
    assertThat(near.inspect(name, Deadline.after(ASKED, TIME))).isInstanceOf(Answer.Unknown.class);
    Duration took = Duration.ofNanos(TIME.nanos() - asked);
    assertThat(took).isLessThan(ASKED.plus(session.dividedBy(3)).plusSeconds(1));
  }

  private void awaitCounts(String owner) throws Exception {
    int before = counts.getOrDefault(owner, 0);
    await(owner + " counts", () -> counts.getOrDefault(owner, 0) >= before + COUNTS);
  }

  /** A contender that failed is told of at once. */
  private void await(String what, Eventually.Check check) throws Exception {
    Eventually.holds(
        what,
        PATIENCE,
        () -> {
          for (Background<Boolean> contender : contenders) {
            assertThat(contender.isDone() && contender.result()).isFalse();
          }
          return check.holds();
        });
  }

  private void awaitEnds() throws Exception {
    for (Background<Boolean> contender : contenders) {
      Eventually.holds("the end of a contender", PATIENCE, contender::isDone);
    }
  }

  // What each contender does.

  private boolean contend(String owner, LeaseStore store) throws InterruptedException {
    LeaseOptions options =
        LeaseOptions.of(owner, Seeds.random(Seeds.next()))
            .withTerm(term)
            .withPollEvery(Duration.ofMillis(100));
    try (Leases leases = Leases.of(store, options, IDS, TIME, Observer.none())) {
      while (!done.get()) {
        contend(owner, leases);
      }
    }
    return true;
  }

  private void contend(String owner, Leases leases) throws InterruptedException {
    try {
      Optional<Lease> lease = leases.acquire(name, in(Duration.ofSeconds(2))).lease();
      if (lease.isPresent()) {
        try (Lease held = lease.get()) {
          granted(held);
          takeTurn(owner, held);
        }
      }
    } catch (BackendException e) {
      // Nobody answers: to be asked again.
      TIME.sleep(PACE);
    }
  }

  private static Deadline in(Duration span) {
    return Deadline.after(span, TIME);
  }

  /** Asserts that it is the only one, unless it is over before it was looked at. */
  private synchronized void granted(Lease lease) {
    if (!lease.stillHeld()) {
      return;
    }
    if (latest.isPresent()) {
      Lease former = latest.get();
      assertThat(former.stillHeld()).as("%s beside %s", former, lease).isFalse();
      assertThat(lease.token()).isGreaterThan(former.token());
    }
    latest = Optional.of(lease);
  }

  private void takeTurn(String owner, Lease lease) throws InterruptedException {
    Optional<GuardedCounter.Turn> turn = counter.claim(lease, in(Duration.ofSeconds(2)));
    for (int i = 0; i < TURN && turn.isPresent() && turn.get().count(); i++) {
      counts.merge(owner, 1, Integer::sum);
      if (owner.equals(NEAR) && hits.compareAndSet(true, false)) {
        goOn(new LastTurn(lease, TIME), turn.get());
        return;
      }
      TIME.sleep(PACE);
    }
  }

  /** Counts for as long as the lease is believed in. */
  private void goOn(LastTurn last, GuardedCounter.Turn turn) throws InterruptedException {
    hit = Optional.of(last);
    do {
      last.look();
      TIME.sleep(PACE);
    } while (turn.count());
    last.end();
  }
}
