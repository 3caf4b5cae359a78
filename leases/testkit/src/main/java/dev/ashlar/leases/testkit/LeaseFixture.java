package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.FencingToken;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Guarantees;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.keep.Acquisition;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;

/**
 * What an adapter tells the contract of lease stores about itself, and the words in which its tests
 * are written.
 *
 * <p>Tests here never sleep for a guess. What must not end early is given a term so long that only
 * a hang outlasts it; what must end is waited for.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 *
 * @see LeaseStoreContract
 */
public abstract class LeaseFixture extends Contract {

  /** The drift bound of the leases under test. */
  static final double DRIFT = 0.01;

  private static final IdSource IDS = IdSource.of(TimeSource.system(), Seeds.random(Seeds.next()));

  final List<AutoCloseable> opened = new CopyOnWriteArrayList<>();

  /** For the contract. */
  LeaseFixture() {}

  // What an adapter says.

  /**
   * Opens a handle on the store, as a process that starts does: all handles of a test see the same
   * leases. One that is {@link AutoCloseable} is closed after the test. Asked before any set-up of
   * the subclass, so the engine must be there already.
   *
   * @param client the clocks of that process, which are those of {@link #time()} but for a wall
   *     clock that may jump
   */
  protected abstract LeaseStore open(TimeSource client) throws Exception;

  /** Restarts the store itself: its server, or the process that has it in its memory. */
  protected abstract void restartStore() throws Exception;

  /** Returns the clock by which the tests measure and wait. */
  protected abstract TimeSource time();

  /**
   * Returns the term of leases whose end is waited for: at least a second, and three for an engine
   * with a real clock. The term of all leases of a store over sessions.
   */
  protected abstract Duration term();

  /**
   * Returns a term that does not end within a test. A store over sessions, which has one term for
   * all, returns that.
   */
  protected Duration longTerm() {
    return Duration.ofMinutes(10);
  }

  /** Lets time pass; a clock that is moved by hand is moved on. */
  protected void pass(Duration duration) throws InterruptedException {
    time().sleep(duration);
  }

  /**
   * Returns how long, in real time, a test waits for what must come before it fails; less only for
   * twins, which are expected to fail.
   */
  protected Duration patience() {
    return Duration.ofSeconds(30);
  }

  /**
   * Opens a handle whose requests are carried out, but whose answers never arrive. An engine behind
   * a connection cuts it after the request was carried out; one without keeps this stand-in.
   */
  protected LeaseStore openLosingAnswers() throws Exception {
    return new FaultyStore(open(time())).set(FaultyStore.Mode.LOSING_ANSWERS);
  }

  /**
   * Deletes whatever the store by itself deletes, sooner or later, of a lease that nobody holds: an
   * empty parent, a released row.
   */
  protected void cleanUp(LeaseName name) throws Exception {}

  /**
   * Moves the wall clock by which the store ends grants, as seen by the grants that are there; back
   * again with the negative. A store that counts elapsed time has nothing to move.
   */
  protected void jumpStoreClock(Duration by) throws Exception {
    if (store().guarantees().clock() == Guarantees.ExpiryClock.BACKEND_WALL) {
      throw new AssertionError("jumpStoreClock: not overridden (expected: a jump of the clock)");
    }
  }

  /**
   * Opens a handle whose driver carries requests out again by itself when it has heard nothing, if
   * it can be told to. An engine without a driver keeps this stand-in.
   */
  protected LeaseStore openRetrying() throws Exception {
    return new FaultyStore(open(time())).set(FaultyStore.Mode.ECHOING);
  }

  /** Returns a lease as the tests see it; overridden by twins only. */
  protected Lease seen(Lease lease) {
    return lease;
  }

  @Override
  protected final Set<String> guarantees() {
    try {
      return store().guarantees().labels();
    } catch (Exception e) {
      throw new IllegalStateException("open: failed", e);
    }
  }

  // Stores.

  final LeaseStore store() throws Exception {
    return store(time());
  }

  final LeaseStore store(TimeSource client) throws Exception {
    return opened(open(client));
  }

  final LeaseStore opened(LeaseStore store) {
    if (store instanceof AutoCloseable closeable) {
      opened.add(closeable);
    }
    return store;
  }

  final FaultyStore faulty() throws Exception {
    return line(store());
  }

  /** Returns a line to a store, which the test can disturb; overridden by twins only. */
  FaultyStore line(LeaseStore store) {
    return new FaultyStore(store);
  }

  /** Closes leases first, and then the stores that they are in; what never ends is left behind. */
  @AfterEach
  final void closeAll() throws Exception {
    Background<Boolean> closing =
        Background.start(
            "close",
            () -> {
              for (int i = opened.size() - 1; i >= 0; i--) {
                opened.get(i).close();
              }
              return true;
            });
    resultOf("the end of closing", closing);
  }

  /** Returns whether work may begin under a lease. */
  static boolean isUsable(Lease lease) {
    Optional<Lease.Use> use = lease.use();
    use.ifPresent(Lease.Use::close);
    return use.isPresent();
  }

  // Names.

  static LeaseName freshName() {
    return new LeaseName("lease-" + IDS.text());
  }

  static Contender contender(LeaseName name) {
    return contender(name, "somebody");
  }

  static Contender contender(LeaseName name, String owner) {
    return Contender.of(name, owner, IDS);
  }

  // Requests.

  final Grant granted(LeaseStore store, Contender contender, Duration term)
      throws InterruptedException {
    return done(store.grant(contender, term, soon()));
  }

  static <V> V done(Answer<V> answer) {
    assertThat(answer).isInstanceOf(Answer.Done.class);
    return ((Answer.Done<V>) answer).value();
  }

  static <V> Optional<Grant> refused(Answer<V> answer) {
    assertThat(answer).isInstanceOf(Answer.Refused.class);
    return ((Answer.Refused<V>) answer).current();
  }

  /** Asserts that a lease is in those hands, as the store tells everybody else. */
  final void assertHeldBy(LeaseStore store, Fence fence) throws InterruptedException {
    Contender asking = contender(fence.lease());
    Optional<Grant> current = refused(store.grant(asking, longTerm(), soon()));
    // It leaves the queue of a fair store, or the next one would wait behind it.
    store.release(asking, soon());
    assertThat(current.map(Grant::fence)).contains(fence);
  }

  final void assertFree(LeaseStore store, LeaseName name) throws InterruptedException {
    Grant grant = granted(store, contender(name), longTerm());
    done(store.release(grant.fence().holder(), soon()));
  }

  final void release(LeaseStore store, Grant grant) throws InterruptedException {
    done(store.release(grant.fence().holder(), soon()));
  }

  /** Asks as one new contender after the other, until the former grant has ended. */
  final Grant grantedAtLast(LeaseStore store, LeaseName name, String owner) throws Exception {
    Deadline patience = Deadline.after(patience(), TimeSource.system());
    while (true) {
      boolean last = patience.hasExpired();
      Contender contender = contender(name, owner);
      Answer<Grant> answer = store.grant(contender, longTerm(), soon());
      if (answer instanceof Answer.Done<Grant> done) {
        return done.value();
      }
      // It leaves the queue of a fair store, or the next one would wait behind it.
      store.release(contender, soon());
      if (last) {
        throw new AssertionError("a grant: not within " + patience());
      }
      pass(step());
    }
  }

  /** Holds a lease until its term is over, and nobody holds it any more. */
  final Fence expired(LeaseStore store, LeaseName name, String owner) throws Exception {
    Grant grant = granted(store, contender(name, owner), term());
    Grant next = grantedAtLast(store, name, "witness");
    release(store, next);
    return grant.fence();
  }

  static long value(Grant grant) {
    return grant.fence().token().value();
  }

  static List<FencingToken> tokens(List<Grant> grants) {
    return grants.stream().map(grant -> grant.fence().token()).toList();
  }

  // Leases.

  final LeaseOptions options(Duration term) {
    return options("holder", term);
  }

  final LeaseOptions options(String owner, Duration term) {
    return LeaseOptions.of(owner, Seeds.random(Seeds.next()))
        .withTerm(term)
        .withDriftBound(DRIFT)
        .withPollEvery(Duration.ofMillis(20))
        .withDrainMax(Duration.ofSeconds(2));
  }

  final Leases leases(LeaseStore store, LeaseOptions options) {
    return Leases.of(store, options, IDS, time(), Observer.none());
  }

  final Leases leases(LeaseStore store, Duration term) {
    return leases(store, term, time());
  }

  final Leases leases(LeaseStore store, Duration term, TimeSource client) {
    return Leases.of(store, options(term), IDS, client, Observer.none());
  }

  final Lease held(LeaseStore store, LeaseName name, Duration term) throws InterruptedException {
    return held(leases(store, term), name);
  }

  final Lease held(Leases leases, LeaseName name) throws InterruptedException {
    return held(leases.tryAcquire(name, soon()));
  }

  final Lease held(Acquisition acquisition) {
    return held(acquisition.lease().orElseThrow(() -> new AssertionError("not granted")));
  }

  final Lease held(Lease lease) {
    opened.add(lease);
    return seen(lease);
  }

  /** Returns for how long a holder may believe in a grant, counted from the sending. */
  static Duration believed(Duration term) {
    Duration twentieth = term.dividedBy(20);
    Duration least = Duration.ofMillis(250);
    Duration margin = twentieth.compareTo(least) > 0 ? twentieth : least;
    return Duration.ofNanos((long) (term.toNanos() / (1 + DRIFT))).minus(margin);
  }

  // Time.

  /** Returns how far time moves between two looks. */
  final Duration step() {
    return term().dividedBy(50);
  }

  final Deadline soon() {
    return soon(time());
  }

  static Deadline soon(TimeSource client) {
    return Deadline.after(Duration.ofHours(1), client);
  }

  final Deadline in(Duration span) {
    return Deadline.after(span, time());
  }

  final Duration elapsedSince(long nanos) {
    return Duration.ofNanos(time().nanos() - nanos);
  }

  /** Lets a span pass, as long as the clock really needs. */
  final void passAtLeast(Duration span) throws InterruptedException {
    long start = time().nanos();
    while (elapsedSince(start).compareTo(span) < 0) {
      pass(span.minus(elapsedSince(start)));
    }
  }

  /** Lets a span pass, and looks again and again. */
  final void passWhile(Duration span, Looks looks) throws Exception {
    long start = time().nanos();
    while (elapsedSince(start).compareTo(span) < 0) {
      pass(step());
      looks.look();
    }
  }

  /**
   * Asserts that a lease is renewed as often as it has to be. A clock that is moved by hand stands
   * until the renewal that is due was answered.
   */
  final void assertKept(Lease lease, Grant grant) throws Exception {
    Duration least = believed(grant.term()).minus(grant.term().multipliedBy(42).dividedBy(100));
    promptly(
        "renewal of " + lease, () -> lease.remaining().compareTo(least) > 0 || !lease.stillHeld());
    assertThat(lease.stillHeld()).as("%s", lease).isTrue();
  }

  /** What a test looks at again and again. */
  @FunctionalInterface
  interface Looks {
    void look() throws Exception;
  }

  /** Returns how much later than it must something may come, for lack of a thread. */
  final Duration slack() {
    return step().multipliedBy(10);
  }

  /** Waits for what threads do without the subject's time; a clock moved by hand stands still. */
  final void promptly(String what, Eventually.Check condition) throws Exception {
    Eventually.holds(what, patience(), condition);
  }

  /** Waits for what threads do, and lets the subject's time pass meanwhile. */
  final void eventually(String what, Eventually.Check condition) throws Exception {
    Deadline patience = Deadline.after(patience(), TimeSource.system());
    boolean holds = condition.holds();
    while (!holds) {
      boolean last = patience.hasExpired();
      TimeSource.system().sleep(Duration.ofMillis(2));
      pass(step());
      holds = condition.holds();
      if (!holds && last) {
        throw new AssertionError(what + ": not within " + patience());
      }
    }
  }

  final <T> T promptResultOf(String what, Background<T> task) throws Exception {
    promptly(what, task::isDone);
    return task.result();
  }

  final <T> T resultOf(String what, Background<T> task) throws Exception {
    eventually(what, task::isDone);
    return task.result();
  }

  /** Gives wrong implementations the time to go wrong; right ones do not depend on it. */
  static void linger() throws InterruptedException {
    TimeSource.system().sleep(Duration.ofMillis(100));
  }
}
