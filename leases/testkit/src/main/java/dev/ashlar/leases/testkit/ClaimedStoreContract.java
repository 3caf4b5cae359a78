package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.PauseAt;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LossCause;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.FenceRejection;
import dev.ashlar.leases.testkit.LossyConditionalStore.Way;
import dev.ashlar.leases.versioned.ConditionalStore;
import dev.ashlar.leases.versioned.Key;
import dev.ashlar.leases.versioned.Outcome;
import dev.ashlar.leases.versioned.Updated;
import dev.ashlar.leases.versioned.Versioned;
import dev.ashlar.leases.versioned.Versioned.Fate;
import dev.ashlar.leases.versioned.Write;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ConditionalStore} must do for the holder of a claim, and the {@link
 * dev.ashlar.leases.versioned.Updater} over it, as tests: the properties LEASE-105 to LEASE-107. A
 * version and a number are two conditions, and both must hold at one moment.
 *
 * <p>An adapter's test class extends this one beside {@link ConditionalStoreContract}, and inherits
 * the rest.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 *
 * @param <T> the transaction of the floor
 */
public abstract class ClaimedStoreContract<T> extends ClaimedFixture<T> {

  /** For subclasses. */
  protected ClaimedStoreContract() {}

  @Test
  @Proves("LEASE-105")
  void afterAClaimNoFormerHolderWritesThoughTheVersionIsTheSame() throws Exception {
    Key key = key();
    Key absent = key();
    Lease former = successor();
    Claim<T> old = claimed(former);
    assertThat(apply(old, Write.putIfVersion(key, "a", 0, nonce())))
        .isEqualTo(new Outcome.Applied<String>(1));
    Claim<T> claim = claimed(successor());

    for (Write<String> write :
        List.of(
            Write.putIfVersion(key, "late", 1, nonce()),
            Write.<String>deleteIfVersion(key, 1, nonce()),
            Write.putIfAbsent(absent, "late", nonce()),
            Write.putIfVersion(absent, "late", 0, nonce()),
            Write.putIfFence(key, "late", former.fence(), nonce()))) {
      assertStale(apply(old, write));
    }

    assertThat(get(key).version()).isEqualTo(1);
    assertThat(get(absent)).isEqualTo(Versioned.never());
    assertThat(apply(claim, Write.putIfVersion(key, "b", 1, nonce())))
        .isEqualTo(new Outcome.Applied<String>(2));
    assertThat(apply(claim, Write.putIfAbsent(absent, "c", nonce())))
        .isEqualTo(new Outcome.Applied<String>(1));
  }

  @Test
  @Proves("LEASE-105")
  void aWriteUnderWayIsSeenByTheSuccessorsFirstReadOrIsNotCarriedOut() throws Exception {
    Key key = key();
    try (PauseAt pause = PauseAt.named("guard.checked")) {
      Claim<T> old = claimed(successor(), pause);
      Lease next = successor();
      Background<Outcome<String>> writing =
          Background.start("write", () -> apply(old, Write.putIfAbsent(key, "late", nonce())));
      pause.awaitArrival(patience());
      Background<Versioned<String>> reading =
          Background.start(
              "claim",
              () -> {
                claimed(next);
                return get(key);
              });
      LeaseFixture.linger();
      pause.release();

      Versioned<String> read = resultOf("the claim", reading);
      Outcome<String> written = resultOf("the write", writing);

      assertThat(get(key)).as("after %s", written).isEqualTo(read);
      assertThat(written instanceof Outcome.Applied).isEqualTo(read.value().isPresent());
    }
  }

  private <R> R resultOf(String what, Background<R> task) throws Exception {
    Eventually.holds(what, patience(), task::isDone);
    return task.result();
  }

  @Test
  @Proves("LEASE-106")
  void aVersionThatMovedIsAConflictWhileTheClaimStands() throws Exception {
    Key key = key();
    Lease lease = successor();
    Claim<T> claim = claimed(lease);
    assertThat(apply(claim, Write.putIfVersion(key, "a", 0, nonce())))
        .isEqualTo(new Outcome.Applied<String>(1));
    others(key, 1);

    Outcome<String> outcome = apply(claim, Write.putIfVersion(key, "b", 1, nonce()));

    assertThat(outcome).isEqualTo(new Outcome.Conflict<>(get(key)));
    assertThat(get(key).value()).hasValue("a,o");
    assertThat(lease.state()).isEqualTo(LeaseState.HELD);
    assertThat(apply(claim, Write.putIfAbsent(key, "b", nonce())))
        .isInstanceOf(Outcome.Conflict.class);
    assertThat(update(under(claim), 5, key, new Append("c"), soon()))
        .isEqualTo(new Updated.Applied<>(3, Optional.of("a,o,c")));
  }

  /** What is in the way is shown as it is, not as it was when the claim was checked. */
  @Test
  @Proves("LEASE-106")
  void aVersionThatMovesAfterTheCheckIsAConflictThatShowsIt() throws Exception {
    Key key = key();
    others(key, 1);
    try (PauseAt pause = PauseAt.named("guard.checked")) {
      Claim<T> claim = claimed(successor(), pause);
      Background<Outcome<String>> writing =
          Background.start("write", () -> apply(claim, Write.putIfVersion(key, "a", 1, nonce())));
      pause.awaitArrival(patience());
      others(key, 2);
      pause.release();

      assertThat(resultOf("the write", writing)).isEqualTo(new Outcome.Conflict<>(get(key)));
    }
  }

  @Test
  @Proves("LEASE-106")
  void aClaimThatIsOverIsStaleWhateverTheVersionIs() throws Exception {
    for (long moved = 0; moved <= 1; moved++) {
      Key key = key();
      Lease former = successor();
      Claim<T> old = claimed(former);
      Lease latter = successor();
      Claim<T> claim = claimed(latter);
      others(key, (int) moved);
      assertThat(former.state()).as("before it writes").isEqualTo(LeaseState.HELD);

      Outcome<String> refused = apply(old, Write.putIfVersion(key, "late", 0, nonce()));

      FenceRejection rejection =
          new FenceRejection(claim.resource(), former.fence(), Optional.of(latter.fence()));
      assertThat(refused).isEqualTo(new Outcome.Stale<>(Optional.of(rejection), get(key)));
      assertThat(former.lossCause()).contains(LossCause.FENCED_BY_RESOURCE);
      assertThat(apply(old, Write.putIfVersion(key, "late", moved, nonce())))
          .isEqualTo(new Outcome.Stale<>(Optional.empty(), get(key)));
      assertThat(latter.state()).isEqualTo(LeaseState.HELD);
    }
  }

  @Test
  @Proves("LEASE-106")
  void anUpdateUnderAClaimThatIsOverSaysSo() throws Exception {
    Key key = key();
    Lease former = successor();
    Claim<T> old = claimed(former);
    claimed(successor());

    Updated<String> rejected = update(under(old), 5, key, new Append("late"), soon());
    Updated<String> notHeld = update(under(old), 5, key, new Append("late"), soon());

    assertThat(rejected).isInstanceOf(Updated.Stale.class);
    assertThat(((Updated.Stale<String>) rejected).rejection().orElseThrow().presented())
        .isEqualTo(former.fence());
    assertThat(notHeld).isEqualTo(new Updated.Stale<>(Optional.empty(), Versioned.<String>never()));
    assertThat(get(key).version()).isZero();
  }

  @Test
  @Proves("LEASE-107")
  void aWriteWithoutAnAnswerIsFoundAfterASuccessorsClaim() throws Exception {
    for (Way way : List.of(Way.ANSWER_LOST, Way.REQUEST_LOST, Way.LATE)) {
      Key key = key();
      Claim<T> old = claimed(successor());
      LossyConditionalStore<String> lossy = lossy(old, way);
      Write<String> write = Write.putIfVersion(key, "mine", 0, nonce());
      assertThat(lossy.apply(write, soon())).isInstanceOf(Outcome.Unknown.class);
      claimed(successor());

      Outcome<String> first = apply(old, write);
      Outcome<String> second = apply(old, write);
      lossy.arrive(soon());

      boolean carriedOut = way == Way.ANSWER_LOST;
      Class<?> told = carriedOut ? Outcome.Applied.class : Outcome.Stale.class;
      assertThat(first).as("%s, refused by the floor", way).isInstanceOf(told);
      assertThat(second).as("%s, with a lease that is lost", way).isInstanceOf(told);
      assertThat(get(key).fateOf(write.nonce(), 0))
          .isEqualTo(carriedOut ? Fate.APPLIED : Fate.NOT_YET);
    }
  }

  @Test
  @Proves("LEASE-107")
  void anUpdateWithoutAnAnswerIsDecidedByASuccessorsClaim() throws Exception {
    for (Way way : List.of(Way.ANSWER_LOST, Way.REQUEST_LOST)) {
      for (int others = 0; others <= 1; others++) {
        Key key = key();
        Claim<T> old = claimed(successor());
        int onTop = others;

        Updated<String> updated =
            update(
                beforeTheSecond(
                    lossy(old, way),
                    () -> {
                      others(key, onTop);
                      claimed(successor());
                    }),
                5,
                key,
                new Append("mine"),
                soon());

        boolean carriedOut = way == Way.ANSWER_LOST;
        assertThat(updated)
            .as("%s, %d others", way, others)
            .isInstanceOf(carriedOut ? Updated.Applied.class : Updated.Stale.class);
        assertThat(get(key).value().orElse("").contains("mine"))
            .as("%s, %d others", way, others)
            .isEqualTo(carriedOut);
      }
    }
  }

  @Test
  @Proves("LEASE-107")
  void anUpdateWithoutAnAnswerIsDecidedByALossOnlyAsFarAsCanBe() throws Exception {
    assertThat(lostAfter(Way.ANSWER_LOST, 0)).isInstanceOf(Updated.Applied.class);
    assertThat(lostAfter(Way.REQUEST_LOST, 1)).isInstanceOf(Updated.Stale.class);
    assertThat(lostAfter(Way.REQUEST_LOST, 0)).isInstanceOf(Updated.Undecided.class);
    assertThat(lostAfter(Way.ANSWER_LOST, Versioned.NONCES_KEPT))
        .isInstanceOf(Updated.Undecided.class);
  }

  /** The lease ends before the second try, others write, and nobody has claimed since. */
  private Updated<String> lostAfter(Way way, int others) throws InterruptedException {
    Key key = key();
    Lease lease = successor();
    ConditionalStore<String> store =
        beforeTheSecond(
            lossy(claimed(lease), way),
            () -> {
              others(key, others);
              lease.lose(LossCause.DEADLINE);
            });
    return update(store, 5, key, new Append("mine"), soon());
  }

  /** Returns a way to the store on which the first request fares as told. */
  private LossyConditionalStore<String> lossy(Claim<T> claim, Way way) {
    Deque<Way> script = new ArrayDeque<>(List.of(way));
    return new LossyConditionalStore<>(
        under(claim), () -> script.isEmpty() ? Way.WELL : script.removeFirst());
  }

  /** What happens in between. */
  @FunctionalInterface
  private interface Event {
    void happens() throws InterruptedException;
  }

  private static ConditionalStore<String> beforeTheSecond(
      ConditionalStore<String> store, Event event) {
    return new ForwardingConditionalStore<>(store) {
      private int requests;

      @Override
      public Outcome<String> apply(Write<String> write, Deadline deadline)
          throws InterruptedException {
        if (++requests == 2) {
          event.happens();
        }
        return super.apply(write, deadline);
      }
    };
  }
}
