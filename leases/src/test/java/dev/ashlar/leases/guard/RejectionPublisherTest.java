package dev.ashlar.leases.guard;

import static dev.ashlar.leases.guard.Fences.fence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.CountingObserver;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.SimulatedCrash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Rejections go out once, and are kept until they are taken. */
class RejectionPublisherTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<FenceRejection> taken = new ArrayList<>();
  private final CountingObserver observer = new CountingObserver();
  private boolean down;
  private final RejectionPublisher once = RejectionPublisher.onceEach(this::take, observer);

  private void take(FenceRejection rejection) {
    if (down) {
      throw new IllegalStateException("queue: down");
    }
    taken.add(rejection);
  }

  private static FenceRejection rejection(String resource, long token) {
    return new FenceRejection(resource, fence(token), Optional.of(fence(token + 1)));
  }

  @Test
  void oneForEachGrantAndResource() {
    once.publish(rejection("accounts", 1));
    once.publish(rejection("accounts", 1));
    once.publish(rejection("orders", 1));
    once.publish(rejection("accounts", 2));

    assertThat(taken)
        .containsExactly(
            rejection("accounts", 1), rejection("orders", 1), rejection("accounts", 2));
  }

  @Test
  void whatIsNotTakenGoesOutWithTheNextOneAndInItsOrder() {
    down = true;
    once.publish(rejection("accounts", 1));
    once.publish(rejection("accounts", 2));
    assertThat(taken).isEmpty();
    down = false;

    once.publish(rejection("accounts", 3));
    once.publish(rejection("accounts", 3));

    assertThat(taken)
        .containsExactly(
            rejection("accounts", 1), rejection("accounts", 2), rejection("accounts", 3));
    assertThat(observer.count("guard.rejection.kept")).isEqualTo(2);
  }

  @Test
  void theOldestThatWasNeverTakenIsDroppedAndCounted() {
    down = true;
    for (int i = 1; i <= PendingRejections.KNOWN_MAX + 2; i++) {
      once.publish(rejection("accounts", i));
    }
    down = false;
    once.publish(rejection("accounts", PendingRejections.KNOWN_MAX + 2));

    assertThat(observer.count("guard.rejection.dropped")).isEqualTo(2);
    assertThat(taken).hasSize(PendingRejections.KNOWN_MAX).doesNotContain(rejection("accounts", 2));
  }

  /** So many others come while it is being given that it is forgotten, and then it is not taken. */
  @Test
  void whatIsForgottenWhileItIsBeingGivenIsDroppedAndCounted() {
    RejectionPublisher[] slow = new RejectionPublisher[1];
    slow[0] =
        RejectionPublisher.onceEach(
            rejection -> {
              if (!rejection.equals(rejection("accounts", 1))) {
                taken.add(rejection);
                return;
              }
              for (int i = 2; i <= PendingRejections.KNOWN_MAX + 1; i++) {
                slow[0].publish(rejection("accounts", i));
              }
              throw new IllegalStateException("queue: down");
            },
            observer);

    slow[0].publish(rejection("accounts", 1));

    assertThat(taken).hasSize(PendingRejections.KNOWN_MAX);
    assertThat(observer.count("guard.rejection.dropped")).isEqualTo(1);
  }

  @Test
  void aCrashOfThePublisherIsNoRefusalToTake() {
    RejectionPublisher crashing =
        RejectionPublisher.onceEach(
            rejection -> {
              throw new SimulatedCrash("publishing");
            },
            observer);

    assertThatThrownBy(() -> crashing.publish(rejection("accounts", 1)))
        .isInstanceOf(SimulatedCrash.class);
    assertThat(observer.count("guard.rejection.kept")).isZero();
  }

  @Test
  void twoThreadsDoNotGiveTheSameOneAndDoNotWaitForEachOther() throws Exception {
    CountDownLatch given = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    RejectionPublisher slow =
        RejectionPublisher.onceEach(
            rejection -> {
              if (rejection.equals(rejection("accounts", 1))) {
                given.countDown();
                awaitUninterrupted(goOn);
              }
              take(rejection);
            },
            observer);
    Background<Boolean> first =
        Background.start(
            "first",
            () -> {
              slow.publish(rejection("accounts", 1));
              return true;
            });
    given.await();

    slow.publish(rejection("accounts", 1));
    slow.publish(rejection("accounts", 2));
    assertThat(taken).containsExactly(rejection("accounts", 2));

    goOn.countDown();
    Eventually.holds("the first", PATIENCE, first::isDone);
    assertThat(taken).containsExactly(rejection("accounts", 2), rejection("accounts", 1));
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
