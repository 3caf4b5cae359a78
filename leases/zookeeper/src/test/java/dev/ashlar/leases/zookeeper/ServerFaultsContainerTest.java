package dev.ashlar.leases.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ContainerTest;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Two contenders count under one lease while their server is paused for longer than a session,
 * killed and started again, or cut off, in the middle of somebody's turn. Whoever had the lease
 * stops believing in time, the other goes on, and no count is lost.
 */
@ContainerTest
class ServerFaultsContainerTest {

  private static final int SESSION_MILLIS = 4_000;
  private static final Duration TERM = Duration.ofMillis(SESSION_MILLIS * 2 / 3);
  private static final Duration FAULT_LASTS = Duration.ofSeconds(8);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int COUNTS_BEFORE = 30;
  private static final int COUNTS_AFTER = 30;
  private static final int TURN = 7;

  private static final TimeSource TIME = TimeSource.system();
  private static final IdSource IDS = IdSource.of(TIME, Seeds.random(Seeds.next()));

  private static ServerInContainer server;

  private final LeaseName name = new LeaseName("lease-" + IDS.text());
  private final GuardedCounter counter = new GuardedCounter();
  private final AtomicBoolean faulty = new AtomicBoolean();
  private final AtomicBoolean healed = new AtomicBoolean();
  private final AtomicBoolean done = new AtomicBoolean();
  private volatile Optional<Hit> hit = Optional.empty();

  /** Who had the lease when the fault came, and for how long it was believed in after that. */
  private record Hit(Lease lease, Duration believed) {}

  @BeforeAll
  static void startServer() {
    server = new ServerInContainer();
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void aServerThatIsPausedForLongerThanASession() throws Exception {
    nothingIsLost(Fault.PAUSE);
  }

  @Test
  void aServerThatIsKilledAndStartedAgain() throws Exception {
    nothingIsLost(Fault.KILL);
  }

  @Test
  void aServerThatIsCutOff() throws Exception {
    nothingIsLost(Fault.CUT);
  }

  private void nothingIsLost(Fault fault) throws Exception {
    List<FutureTask<Boolean>> contenders = new ArrayList<>();
    try (ClosingStore one = open();
        ClosingStore other = open()) {
      contenders.add(contend("one", one, fault));
      contenders.add(contend("other", other, fault));
      try {
        Eventually.holds("the fault came and went", PATIENCE, healed::get);
        int before = counter.acknowledged();
        Eventually.holds(
            "counting goes on", PATIENCE, () -> counter.acknowledged() >= before + COUNTS_AFTER);
      } finally {
        done.set(true);
      }
      for (FutureTask<Boolean> contender : contenders) {
        Eventually.holds("the end of a contender", PATIENCE, contender::isDone);
        assertThat(contender.get()).isTrue();
      }
    }
    Hit one = hit.orElseThrow();
    assertThat(one.lease().state()).isEqualTo(LeaseState.LOST);
    assertThat(one.believed()).isLessThanOrEqualTo(TERM);
    counter.assertRefuses(one.lease().fence());
    counter.assertNothingWasLost();
  }

  private static ClosingStore open() throws InterruptedException {
    return ClosingStore.open(server.client(SESSION_MILLIS), TIME, Observer.none());
  }

  private FutureTask<Boolean> contend(String owner, LeaseStore store, Fault fault) {
    FutureTask<Boolean> task = new FutureTask<>(() -> contendUntilDone(owner, store, fault));
    Thread thread = new Thread(task, owner);
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  private boolean contendUntilDone(String owner, LeaseStore store, Fault fault)
      throws InterruptedException {
    LeaseOptions options =
        LeaseOptions.of(owner, Seeds.random(Seeds.next()))
            .withTerm(TERM)
            .withPollEvery(Duration.ofMillis(100));
    try (Leases leases = Leases.of(store, options, IDS, TIME, Observer.none())) {
      while (!done.get()) {
        try {
          Optional<Lease> lease = leases.acquire(name, in(Duration.ofSeconds(2))).lease();
          if (lease.isPresent()) {
            takeTurn(lease.get(), fault);
            lease.get().close();
          }
        } catch (BackendException e) {
          // The server is away: to be asked again.
          TIME.sleep(Duration.ofMillis(50));
        }
      }
    }
    return true;
  }

  private static Deadline in(Duration span) {
    return Deadline.after(span, TIME);
  }

  private void takeTurn(Lease lease, Fault fault) throws InterruptedException {
    Optional<GuardedCounter.Turn> turn = counter.claim(lease, in(Duration.ofSeconds(2)));
    for (int i = 0; i < TURN && turn.isPresent() && turn.get().count(); i++) {
      if (counter.acknowledged() >= COUNTS_BEFORE && faulty.compareAndSet(false, true)) {
        goOnThroughFault(lease, turn.get(), fault);
      }
      TIME.sleep(Duration.ofMillis(5));
    }
  }

  /** Counts for as long as the lease is believed in, with a server that does not answer. */
  private void goOnThroughFault(Lease lease, GuardedCounter.Turn turn, Fault fault)
      throws InterruptedException {
    fault.begin(server.site());
    long start = TIME.nanos();
    Thread healer = new Thread(() -> healLater(fault), "healer");
    healer.setDaemon(true);
    healer.start();
    while (turn.count()) {
      TIME.sleep(Duration.ofMillis(5));
    }
    hit = Optional.of(new Hit(lease, Duration.ofNanos(TIME.nanos() - start)));
  }

  private void healLater(Fault fault) {
    try {
      TIME.sleep(FAULT_LASTS);
      fault.end(server.site());
      healed.set(true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
