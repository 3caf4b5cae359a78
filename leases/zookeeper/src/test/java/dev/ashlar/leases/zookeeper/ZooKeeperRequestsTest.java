package dev.ashlar.leases.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.zookeeper.Server.Requests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What each step asks of the servers, counted there; the page of this module shows the table. */
@Tag("engine")
class ZooKeeperRequestsTest {

  private static final TimeSource TIME = TimeSource.system();
  private static final IdSource IDS = IdSource.of(TIME, Seeds.random(Seeds.next()));
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int SESSION_MILLIS = 60_000;
  private static final Duration TERM = Duration.ofSeconds(40);
  private static final int MANY = 100;

  private final Server server = Server.start();
  private final LeaseName name = new LeaseName("lease-" + IDS.text());
  private final List<ClosingStore> opened = new ArrayList<>();

  @AfterEach
  void closeAll() {
    opened.forEach(ClosingStore::close);
    server.close();
  }

  private ClosingStore process() throws InterruptedException {
    ClosingStore store = ClosingStore.open(server.client(SESSION_MILLIS), TIME, Observer.none());
    opened.add(store);
    return store;
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(20), TIME);
  }

  private Contender contender() {
    return Contender.of(name, "somebody", IDS);
  }

  private static Fence granted(LeaseStore store, Contender contender) throws InterruptedException {
    Answer<Grant> answer = store.grant(contender, TERM, soon());
    assertThat(answer).isInstanceOf(Answer.Done.class);
    return ((Answer.Done<Grant>) answer).value().fence();
  }

  private static void assertRefused(Answer<Grant> answer) {
    assertThat(answer).isInstanceOf(Answer.Refused.class);
  }

  private static void release(LeaseStore store, Contender contender) throws InterruptedException {
    assertThat(store.release(contender, soon())).isInstanceOf(Answer.Done.class);
  }

  private static void assertRenewed(List<Answer<Grant>> answers) {
    assertThat(answers).allMatch(answer -> answer instanceof Answer.Done);
  }

  @FunctionalInterface
  private interface Step {
    void run() throws Exception;
  }

  /** Asserts what a step costs, and that the page says so. */
  private void assertCost(String step, int writes, int reads, Step body) throws Exception {
    Requests before = server.requests();
    body.run();
    assertThat(server.requests().since(before)).as(step).isEqualTo(new Requests(reads, writes, 0));
    String row = String.format(Locale.ROOT, "| %s | %d | %d |", step, writes, reads);
    assertThat(Files.readString(Path.of("README.md"))).contains(row);
  }

  @Test
  void aloneALeaseCostsTwoWrites() throws Exception {
    LeaseStore store = process();
    Contender first = contender();
    assertCost("take a lease that never was", 2, 2, () -> granted(store, first));
    assertCost("give it back", 1, 0, () -> release(store, first));
    Contender again = contender();
    assertCost("take it again, in the same process", 1, 0, () -> granted(store, again));
    release(store, again);
    LeaseStore other = process();
    Contender elsewhere = contender();
    assertCost("take it in another process", 1, 2, () -> granted(other, elsewhere));
    release(other, elsewhere);
    // The first one's assumption is wrong now, which costs one write, once.
    Contender wrong = contender();
    assertCost("take it again after somebody else had it", 2, 2, () -> granted(store, wrong));
  }

  @Test
  void oneWriteRenewsAllLeasesOfASession() throws Exception {
    LeaseStore store = process();
    List<Fence> fences = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      LeaseName each = new LeaseName("lease-" + IDS.text());
      fences.add(granted(store, Contender.of(each, "somebody", IDS)));
    }
    assertCost(
        "renew " + MANY + " leases for the first time",
        2,
        MANY,
        () -> assertRenewed(store.extendAll(fences, TERM, soon())));
    assertCost(
        "renew " + MANY + " leases",
        1,
        0,
        () -> assertRenewed(store.extendAll(fences, TERM, soon())));
    assertCost(
        "renew one lease",
        1,
        0,
        () -> assertRenewed(List.of(store.extend(fences.get(0), TERM, soon()))));
  }

  @Test
  void inOneProcessALeaseIsPassedOnByOneWrite() throws Exception {
    LeaseStore store = process();
    Contender holder = contender();
    granted(store, holder);
    for (int waiting = 0; waiting < 4; waiting++) {
      Contender next = contender();
      assertCost(
          "stand in line, behind one of the same process",
          1,
          1,
          () -> assertRefused(store.grant(next, TERM, soon())));
      Background<Fence> wait =
          Background.start(
              "wait",
              () -> {
                store.awaitChange(next, soon());
                return granted(store, next);
              });
      if (waiting == 0) {
        assertCost(
            "pass it on, in the same process, and take it",
            1,
            0,
            () -> {
              release(store, holder);
              Eventually.holds("the grant", PATIENCE, wait::isDone);
            });
      }
    }
  }

  /** LEASE-42: what a release sets off does not grow with the number of those who wait. */
  @Test
  void aReleaseWakesOneHoweverManyWait() throws Exception {
    LeaseStore store = process();
    Contender holder = contender();
    granted(store, holder);
    List<Contender> contenders = new ArrayList<>();
    List<LeaseStore> others = new ArrayList<>();
    List<Background<Fence>> waits = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      LeaseStore other = process();
      Contender next = contender();
      contenders.add(next);
      others.add(other);
      assertCost(
          "stand in line, behind another process",
          1,
          4,
          () -> assertRefused(other.grant(next, TERM, soon())));
      Requests before = server.requests();
      waits.add(
          Background.start(
              "wait",
              () -> {
                other.awaitChange(next, soon());
                return granted(other, next);
              }));
      Eventually.holds("a watch", PATIENCE, () -> server.requests().since(before).reads() == 1);
    }
    assertCost(
        "pass it on to another process, and take it",
        2,
        2,
        () -> {
          release(store, holder);
          Eventually.holds("the grant", PATIENCE, waits.get(0)::isDone);
        });
    assertThat(waits.get(0).result().holder()).isEqualTo(contenders.get(0));
    assertThat(waits.subList(1, 8)).noneMatch(Background::isDone);
    // Now the holder has seen who is next.
    for (int i = 0; i < 3; i++) {
      int next = i + 1;
      assertCost(
          "pass it on to another process that was seen, and take it",
          1,
          2,
          () -> {
            release(others.get(next - 1), contenders.get(next - 1));
            Eventually.holds("the grant", PATIENCE, waits.get(next)::isDone);
          });
      assertThat(waits.subList(next + 1, 8)).noneMatch(Background::isDone);
    }
  }
}
