package dev.ashlar.leases.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.FencingToken;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.keep.Acquisition;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Threads of a process that take a lease from one another, as fast as they can. */
@Tag("engine")
class ZooKeeperContentionTest {

  private static final TimeSource TIME = TimeSource.system();
  private static final IdSource IDS = IdSource.of(TIME, Seeds.random(Seeds.next()));
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int SESSION_MILLIS = 60_000;
  private static final Duration TERM = Duration.ofSeconds(40);
  private static final int THREADS = 4;
  private static final int TURNS = 300;

  private final Server server = Server.start();
  private final LeaseName name = new LeaseName("lease-" + IDS.text());
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicReference<FencingToken> last = new AtomicReference<>(new FencingToken(1));
  private final List<ClosingStore> stores = new ArrayList<>();
  private final List<Leases> opened = new ArrayList<>();

  @AfterEach
  void closeAll() {
    opened.forEach(Leases::close);
    stores.forEach(ClosingStore::close);
    server.close();
  }

  private Leases process() throws InterruptedException {
    ClosingStore store = ClosingStore.open(server.client(SESSION_MILLIS), TIME, Observer.none());
    stores.add(store);
    LeaseOptions options = LeaseOptions.of("holder", Seeds.random(Seeds.next())).withTerm(TERM);
    Leases leases = Leases.of(store, options, IDS, TIME, Observer.none());
    opened.add(leases);
    return leases;
  }

  private static Deadline in(Duration duration) {
    return Deadline.after(duration, TIME);
  }

  /** Returns whether it was granted. */
  private boolean turn(Leases leases, Duration most) throws InterruptedException {
    Acquisition answer = leases.acquire(name, in(most));
    if (!(answer instanceof Acquisition.Granted granted)) {
      return false;
    }
    try (Lease lease = granted.granted()) {
      assertThat(inside.incrementAndGet()).as("holders at once").isEqualTo(1);
      assertThat(last.getAndSet(lease.token())).isLessThan(lease.token());
      inside.decrementAndGet();
    }
    return true;
  }

  private static int grantedTo(List<Background<Integer>> works) throws Exception {
    int granted = 0;
    for (Background<Integer> work : works) {
      Eventually.holds("the end of a thread", PATIENCE, work::isDone);
      granted += work.result();
    }
    return granted;
  }

  private void awaitNobodyInLine() throws Exception {
    try (CuratorFramework client = server.client()) {
      String queue = ClosingStore.ROOT + "/queue/l-" + name.value();
      Eventually.holds(
          "nobody in line", PATIENCE, () -> client.getChildren().forPath(queue).isEmpty());
    }
  }

  @Test
  void eachHasItInTurn() throws Exception {
    Leases leases = process();
    List<Background<Integer>> works = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      works.add(Background.start("holder", () -> turns(leases)));
    }

    assertThat(grantedTo(works)).isEqualTo(THREADS * TURNS);
    awaitNobodyInLine();
  }

  /** Some give up, answers get lost, and another process wants it too. */
  @Test
  void noFaultLeavesAPlaceOrLetsTwoIn() throws Exception {
    List<Leases> processes = List.of(process(), process());
    Deadline end = in(Duration.ofSeconds(5));
    List<Background<Integer>> works = new ArrayList<>();
    for (int i = 0; i < 2 * THREADS; i++) {
      Leases leases = processes.get(i % 4 == 0 ? 1 : 0);
      RandomGenerator random = Seeds.random(Seeds.next());
      works.add(Background.start("holder", () -> turnsUntil(end, leases, random)));
    }
    while (!end.hasExpired()) {
      TIME.sleep(Duration.ofMillis(400));
      server.loseNextAnswer();
    }

    assertThat(grantedTo(works)).isPositive();
    awaitNobodyInLine();
    assertThat(turn(processes.get(0), PATIENCE)).isTrue();
  }

  private int turns(Leases leases) throws InterruptedException {
    int granted = 0;
    for (int i = 0; i < TURNS; i++) {
      granted += turn(leases, PATIENCE) ? 1 : 0;
    }
    return granted;
  }

  private int turnsUntil(Deadline end, Leases leases, RandomGenerator random)
      throws InterruptedException {
    int granted = 0;
    while (!end.hasExpired()) {
      try {
        granted += turn(leases, Duration.ofMillis(random.nextInt(1, 200))) ? 1 : 0;
      } catch (BackendException e) {
        // Its answer got lost, and its time was over before another one.
      }
    }
    return granted;
  }
}
