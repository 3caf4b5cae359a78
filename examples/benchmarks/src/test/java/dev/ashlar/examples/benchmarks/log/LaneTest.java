package dev.ashlar.examples.benchmarks.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("a lane of waiting threads")
class LaneTest {

  private final TimeSource time = TimeSource.system();
  private final Deadline deadline = Deadline.after(Duration.ofSeconds(20), time);
  private final Lane lane = new Lane(time);

  @Test
  void whoWasWokenIsNotTakenForOneWhoWaits() throws Exception {
    CompletableFuture<Boolean> woken = CompletableFuture.supplyAsync(this::await);
    AtomicInteger found = new AtomicInteger();
    while (found.get() == 0 && !deadline.hasExpired()) {
      // Asked under the lock, so whoever is woken cannot go on before the second question.
      lane.await(() -> wakesTwo(found), deadline);
    }
    assertThat(woken.get()).isTrue();
    assertThat(found).hasValue(1);
  }

  private boolean wakesTwo(AtomicInteger found) {
    if (lane.wakeOne()) {
      found.set(lane.wakeOne() ? 2 : 1);
    }
    return true;
  }

  private boolean await() {
    try {
      return lane.await(() -> false, deadline);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
