package dev.ashlar.leases.own;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.MemoryLeaseStore;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who gets a thread, and when. */
class CrewTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ManualTime time = ManualTime.create();
  private final Leases leases =
      Leases.of(
          MemoryLeaseStore.of(time),
          LeaseOptions.of("host-1", Seeds.random(Seeds.next())),
          IdSource.of(TimeSource.system(), Seeds.random(Seeds.next())),
          time,
          Observer.none());
  private final List<String> done = new CopyOnWriteArrayList<>();
  private final CountDownLatch letGo = new CountDownLatch(1);

  @AfterEach
  void letAllGo() {
    letGo.countDown();
    leases.close();
  }

  private Crew crew(int places, Runnable wake) {
    return new Crew(
        places, new PartitionOwner.Ground(leases, "orders", time, Observer.none()), wake);
  }

  private Holding holding(String partition) {
    return new Holding(partition, 1, time.nanos());
  }

  private void hang() {
    try {
      letGo.await();
    } catch (InterruptedException e) {
      done.add("interrupted");
    }
  }

  @Test
  void whatLeavesGoesBeforeWhatTakes() throws Exception {
    Crew crew = crew(1, () -> {});
    crew.take(holding("busy"), this::hang);
    crew.take(holding("1"), () -> done.add("take 1"));
    crew.take(holding("2"), () -> done.add("take 2"));
    crew.leave(holding("3"), () -> done.add("leave 3"));
    crew.leave(holding("4"), () -> done.add("leave 4"));

    letGo.countDown();

    Eventually.holds("all", PATIENCE, () -> done.size() == 4);
    assertThat(done).containsExactly("leave 3", "leave 4", "take 1", "take 2");
    crew.close();
  }

  @Test
  void whatHasNotBegunIsCalledOff() throws Exception {
    Crew crew = crew(1, () -> {});
    Holding busy = holding("busy");
    Holding other = holding("other");
    crew.take(busy, this::hang);
    crew.take(other, () -> done.add("taken"));
    crew.take(holding("last"), () -> done.add("last"));

    assertThat(crew.callOff(busy)).isFalse();
    assertThat(crew.callOff(other)).isTrue();
    assertThat(crew.callOff(other)).isFalse();
    letGo.countDown();

    Eventually.holds("the last", PATIENCE, () -> done.contains("last"));
    assertThat(done).containsExactly("last");
    crew.close();
  }

  /** A thread that has ended a task needs a moment to come back; here it needs long. */
  @Test
  void whatFindsNoThreadIsDoneLater() throws Exception {
    Crew crew = crew(1, this::hang);
    int threads = 2 * (1 + Crew.STRAYS_MAX);
    for (int i = 0; i < 2 * threads; i++) {
      crew.take(holding("" + i), () -> done.add("taken"));
    }
    Eventually.holds("no thread", PATIENCE, () -> done.size() == threads);
    long far = time.nanos() + PATIENCE.toNanos();
    assertThat(crew.look(far) - far).isNegative();

    letGo.countDown();

    Eventually.holds(
        "all",
        PATIENCE,
        () -> {
          crew.look(far);
          return done.size() == 2 * threads;
        });
    assertThat(crew.look(far)).isEqualTo(far);
    crew.close();
  }

  /** What follows may begin before the task that it follows has quite ended. */
  @Test
  void aTaskThatFollowsAnotherOfItsPartitionCanBeStopped() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    Crew crew = crew(2, ended::countDown);
    Holding holding = holding("0");
    crew.take(holding, () -> crew.leave(holding, this::hang));
    Eventually.holds("the end of the first", PATIENCE, () -> ended.getCount() == 0);

    crew.stop(holding);

    Eventually.holds("the second", PATIENCE, () -> done.contains("interrupted"));
    crew.close();
  }

  @Test
  void itKnowsItsOwnThreads() throws Exception {
    Crew crew = crew(1, () -> {});
    crew.take(holding("0"), () -> done.add("own: " + crew.isOneOf(Thread.currentThread())));

    Eventually.holds("asked", PATIENCE, () -> done.size() == 1);
    assertThat(done).containsExactly("own: true");
    assertThat(crew.isOneOf(Thread.currentThread())).isFalse();
    crew.close();
  }
}
