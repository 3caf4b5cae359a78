package dev.ashlar.leases.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.FencingToken;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Leases in an ensemble of three servers, which die one by one, and then most of them at once. */
@Tag("engine")
class ZooKeeperEnsembleTest {

  private static final TimeSource TIME = TimeSource.system();
  private static final IdSource IDS = IdSource.of(TIME, Seeds.random(Seeds.next()));
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration TERM = Duration.ofMillis(Ensemble.SESSION_MILLIS * 2 / 3);

  private final LeaseName name = new LeaseName("lease-" + IDS.text());
  private final List<ClosingStore> opened = new ArrayList<>();
  private Ensemble ensemble;

  @BeforeEach
  void start() throws Exception {
    ensemble = Ensemble.start();
  }

  @AfterEach
  void stop() throws Exception {
    opened.forEach(ClosingStore::close);
    ensemble.close();
  }

  private ClosingStore process() throws InterruptedException {
    ClosingStore store = ClosingStore.open(ensemble.client(), TIME, Observer.none());
    opened.add(store);
    return store;
  }

  private static Deadline in(Duration span) {
    return Deadline.after(span, TIME);
  }

  private Contender contender(String owner) {
    return Contender.of(name, owner, IDS);
  }

  /** Asks for as long as nobody answers. */
  private static Answer<Grant> answered(Eventually.Source<Answer<Grant>> asking) throws Exception {
    return Eventually.value(
        "an answer",
        PATIENCE,
        () -> asking.get().filter(answer -> !(answer instanceof Answer.Unknown)));
  }

  private Fence granted(LeaseStore store) throws Exception {
    Contender contender = contender("somebody");
    Answer<Grant> answer =
        answered(() -> Optional.of(store.grant(contender, TERM, in(Duration.ofSeconds(2)))));
    assertThat(answer).isInstanceOf(Answer.Done.class);
    return ((Answer.Done<Grant>) answer).value().fence();
  }

  /** LEASE-8: each server is killed and started again, and numbers go on. */
  @Test
  void aRollingRestartLowersNoToken() throws Exception {
    LeaseStore store = process();
    FencingToken last = new FencingToken(1);
    for (int node = 0; node < 3; node++) {
      Fence before = granted(store);
      assertThat(before.token()).isGreaterThan(last);
      ensemble.kill(node);
      ensemble.awaitLeader();
      // Whether the grant outlived that or not, the contender is not granted another one.
      Answer<Grant> again =
          answered(
              () -> Optional.of(store.grant(before.holder(), TERM, in(Duration.ofSeconds(2)))));
      if (again instanceof Answer.Done<Grant> done) {
        assertThat(done.value().fence()).isEqualTo(before);
      }
      answered(
          () ->
              Optional.of(store.release(before.holder(), in(Duration.ofSeconds(2))))
                  .map(ZooKeeperEnsembleTest::withoutValue));
      Fence after = granted(store);
      assertThat(after.token()).isGreaterThan(before.token());
      last = after.token();
      store.release(after.holder(), in(Duration.ofSeconds(5)));
      ensemble.begin(node);
      ensemble.awaitServing(node);
    }
  }

  private static Answer<Grant> withoutValue(Answer<Contender> answer) {
    return answer instanceof Answer.Unknown<Contender> unknown
        ? new Answer.Unknown<>(unknown.failure())
        : new Answer.Refused<>(Optional.empty());
  }

  @Test
  void whileTheLeaderDiesALeaseIsNobodyElses() throws Exception {
    LeaseStore store = process();
    LeaseStore others = process();
    Fence fence = granted(store);
    long asked = TIME.nanos();
    Contender other = contender("other");

    ensemble.kill(ensemble.leader());
    Answer<Grant> renewed =
        answered(() -> Optional.of(store.extend(fence, TERM, in(Duration.ofSeconds(1)))));

    Answer<Grant> refused =
        answered(() -> Optional.of(others.grant(other, TERM, in(Duration.ofSeconds(1)))));
    if (renewed instanceof Answer.Done<Grant> done) {
      assertThat(done.value().fence()).isEqualTo(fence);
      assertThat(refused).isInstanceOf(Answer.Refused.class);
    } else {
      assertThat(TIME.nanos() - asked).isGreaterThan(TERM.toNanos());
    }
    assertThat(ensemble.leader()).isNotNegative();
  }

  @Test
  void whenMostServersAreDeadNothingIsAnsweredAndNothingGrantedTwice() throws Exception {
    ClosingStore store = process();
    ClosingStore others = process();
    LeaseOptions options = LeaseOptions.of("holder", Seeds.random(Seeds.next())).withTerm(TERM);
    try (Leases leases = Leases.of(store, options, IDS, TIME, Observer.none())) {
      Lease lease = leases.tryAcquire(name, in(Duration.ofSeconds(10))).lease().orElseThrow();
      int leader = ensemble.leader();
      int other = (leader + 1) % 3;
      ensemble.kill(leader);
      ensemble.kill(other);

      while (lease.state().isHeld()) {
        assertUnanswered(others);
      }
      assertThat(lease.state()).isEqualTo(LeaseState.LOST);
      assertUnanswered(others);

      ensemble.begin(leader);
      ensemble.begin(other);
      Contender next = contender("next");
      Fence after =
          Eventually.value(
              "a grant",
              PATIENCE,
              () ->
                  Optional.of(others.grant(next, TERM, in(Duration.ofSeconds(1))))
                      .filter(answer -> answer instanceof Answer.Done)
                      .map(answer -> ((Answer.Done<Grant>) answer).value().fence()));
      assertThat(after.token()).isGreaterThan(lease.token());
    }
  }

  /** The request ends by its deadline, and says that nobody knows. */
  private void assertUnanswered(LeaseStore store) throws InterruptedException {
    Deadline deadline = in(Duration.ofMillis(500));
    Answer<Grant> answer = store.grant(contender("hopeful"), TERM, deadline);
    assertThat(answer).isInstanceOf(Answer.Unknown.class);
  }
}
