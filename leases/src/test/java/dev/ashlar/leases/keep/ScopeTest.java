package dev.ashlar.leases.keep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LossCause;
import dev.ashlar.leases.MemoryLeaseStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Work that runs under a lease, and its ends. */
class ScopeTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final LeaseName NAME = new LeaseName("nightly");

  private final ManualTime time = ManualTime.create();
  private final MemoryLeaseStore store = MemoryLeaseStore.of(time);
  private final IdSource ids = IdSource.of(TimeSource.system(), Seeds.random(Seeds.next()));
  private final Leases leases = leases();
  private final CountDownLatch never = new CountDownLatch(1);
  private final BlockingQueue<Lease> granted = new ArrayBlockingQueue<>(1);

  private Leases leases() {
    LeaseOptions options = LeaseOptions.of("host-1", Seeds.random(Seeds.next()));
    return Leases.of(store, options, ids, time, Observer.none());
  }

  private Deadline soon() {
    return Deadline.after(Duration.ofMinutes(1), time);
  }

  private boolean isFree() throws InterruptedException {
    return leases.inspect(NAME, soon()).isEmpty();
  }

  @Test
  void theResultOfWorkThatEndedUnderItsLeaseIsReturned() throws Exception {
    Scoped<Long> end = leases.call(NAME, soon(), lease -> lease.token().value());

    assertThat(end).isEqualTo(new Scoped.Ran<>(1L));
    assertThat(isFree()).isTrue();
  }

  @Test
  void whatTheWorkThrowsIsThrownAndTheLeaseGivenBack() throws Exception {
    assertThatThrownBy(() -> leases.call(NAME, soon(), this::failing))
        .isInstanceOf(IOException.class)
        .hasMessage("disk: full");

    Eventually.holds("given back", PATIENCE, this::isFree);
  }

  private String failing(Lease lease) throws IOException {
    throw new IOException("disk: full");
  }

  @Test
  void workDoesNotRunWhileSomebodyElseHasTheLease() throws Exception {
    Lease other = leases().tryAcquire(NAME, soon()).lease().orElseThrow();
    Background<Scoped<String>> waiting =
        Background.start(
            "wait",
            () -> leases.call(NAME, Deadline.after(Duration.ofSeconds(2), time), lease -> "never"));
    time.awaitWaiters(1, PATIENCE);
    time.advance(Duration.ofSeconds(2));
    Eventually.holds("the end", PATIENCE, waiting::isDone);

    Grant current = leases.inspect(NAME, soon()).orElseThrow();
    assertThat(current.fence()).isEqualTo(other.fence());
    assertThat(waiting.result()).isInstanceOf(Scoped.NotGranted.class);
  }

  @Test
  void workIsInterruptedWhenTheLeaseIsLost() throws Exception {
    Background<Scoped<String>> calling =
        Background.start("call", () -> leases.call(NAME, soon(), this::waits));
    granted.take().lose(LossCause.FENCED_BY_RESOURCE);
    Eventually.holds("the end", PATIENCE, calling::isDone);

    assertThat(calling.result())
        .isEqualTo(new Scoped.Lost<>(LossCause.FENCED_BY_RESOURCE, true, Optional.empty()));
  }

  private String waits(Lease lease) throws InterruptedException {
    granted.add(lease);
    never.await();
    return "never";
  }

  @Test
  void workThatDoesNotHeedTheInterruptionIsLeftBehindInTime() throws Exception {
    Background<Scoped<String>> calling =
        Background.start("call", () -> leases.call(NAME, soon(), this::hangs));
    granted.take().lose(LossCause.FENCED_BY_RESOURCE);
    Eventually.holds(
        "the end",
        PATIENCE,
        () -> {
          time.advance(Duration.ofMillis(100));
          return calling.isDone();
        });

    assertThat(calling.result())
        .isEqualTo(new Scoped.Lost<>(LossCause.FENCED_BY_RESOURCE, false, Optional.empty()));
    never.countDown();
  }

  private String hangs(Lease lease) {
    granted.add(lease);
    while (never.getCount() > 0) {
      try {
        never.await();
      } catch (InterruptedException e) {
        // That is what it is here for.
      }
    }
    return "late";
  }

  @Test
  void whoIsInterruptedWhileTheWorkGoesOnInterruptsIt() throws Exception {
    Background<Scoped<String>> calling =
        Background.start("call", () -> leases.call(NAME, soon(), this::waits));
    assertThat(granted.take().stillHeld()).isTrue();
    calling.interrupt();
    Eventually.holds("the end", PATIENCE, calling::isDone);

    assertThatThrownBy(calling::result).isInstanceOf(InterruptedException.class);
    Eventually.holds("given back", PATIENCE, this::isFree);
  }

  @Test
  void theWorkHasTheCallersContext() throws Exception {
    CallContext context = CallContext.root(ids, soon(), "test");
    Scoped<Optional<CallContext>> end =
        context.call(() -> leases.call(NAME, soon(), lease -> CallContext.current()));

    assertThat(end).isEqualTo(new Scoped.Ran<>(Optional.of(context)));
  }

  @Test
  void closingEndsTheWaitForWork() throws Exception {
    Background<Scoped<String>> calling =
        Background.start("call", () -> leases.call(NAME, soon(), this::waits));
    assertThat(granted.take().stillHeld()).isTrue();
    Background<Boolean> closing =
        Background.start(
            "close",
            () -> {
              leases.close();
              return true;
            });
    Eventually.holds(
        "the end",
        PATIENCE,
        () -> {
          time.advance(Duration.ofMillis(100));
          return calling.isDone() && closing.isDone();
        });

    assertThatThrownBy(calling::result)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("leases: closed (expected: open until the work has ended)");
  }
}
