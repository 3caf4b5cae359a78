package dev.ashlar.leases.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.ManualTime;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WatchdogTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ManualTime time = ManualTime.create();
  private final AtomicInteger threadsRefused = new AtomicInteger();
  private final Watchdog watchdog = new Watchdog(this::thread);
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final Connection connection = telling(Connection.class);

  private Thread thread(Runnable task) {
    if (threadsRefused.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new OutOfMemoryError("unable to create native thread");
    }
    return new Thread(task, "overdue");
  }

  private <T> T telling(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            WatchdogTest.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              calls.add(method.getName());
              if (method.getName().equals("cancel")) {
                throw new SQLException("nothing to cancel");
              }
              return null;
            }));
  }

  private Watchdog.Watched watch(Duration span) {
    Watchdog.Watched watched = watchdog.watch(connection, Deadline.after(span, time));
    watched.runs(telling(Statement.class));
    return watched;
  }

  private void expect(String... expected) throws Exception {
    Eventually.passes(PATIENCE, () -> assertThat(calls).containsExactly(expected));
  }

  /** Long enough for a look at least, and for what it would have begun. */
  private static void letItLook() throws InterruptedException {
    TimeSource.system().sleep(Duration.ofMillis(300));
  }

  @Test
  void whatEndsInTimeIsLeftAlone() throws Exception {
    Watchdog.Watched early = watch(Duration.ofSeconds(5));
    letItLook();
    assertThat(early.end()).isTrue();
    time.advance(Duration.ofMinutes(1));
    letItLook();

    assertThat(calls).isEmpty();
  }

  @Test
  void anOverdueStatementIsCancelledOnceAndItsConnectionIsCutLater() throws Exception {
    Watchdog.Watched late = watch(Duration.ofSeconds(5));
    time.advance(Duration.ofSeconds(5));
    expect("cancel");
    time.advance(Duration.ofMillis(1999));
    letItLook();
    expect("cancel");

    time.advance(Duration.ofMillis(1));
    expect("cancel", "abort");
    letItLook();
    expect("cancel", "abort");
    assertThat(late.end()).isFalse();
  }

  @Test
  void aConnectionWhoseUseHasEndedIsNotCut() throws Exception {
    Watchdog.Watched late = watch(Duration.ofSeconds(5));
    time.advance(Duration.ofSeconds(5));
    expect("cancel");
    assertThat(late.end()).isTrue();
    time.advance(Duration.ofMinutes(1));
    letItLook();

    expect("cancel");
  }

  /** The end that was noticed late counts, not the one that was due: an answer may have come. */
  @Test
  void aProcessThatStoodStillHasTheGraceAllTheSame() throws Exception {
    watch(Duration.ofSeconds(5));
    time.advance(Duration.ofHours(1));
    expect("cancel");
    letItLook();
    expect("cancel");
  }

  @Test
  void theNextStatementOfAnOverdueUseIsCancelledToo() throws Exception {
    Watchdog.Watched late = watch(Duration.ofSeconds(5));
    time.advance(Duration.ofSeconds(5));
    expect("cancel");
    late.runs(telling(Statement.class));
    expect("cancel", "cancel");
  }

  @Test
  void whatComesWhenNothingWasWatchedForAWhileIsWatched() throws Exception {
    for (int i = 0; i < 3; i++) {
      calls.clear();
      Watchdog.Watched late = watch(Duration.ZERO);
      expect("cancel");
      assertThat(late.end()).isTrue();
      letItLook();
    }
  }

  /** A watch that ended there would leave every later statement without a deadline. */
  @Test
  void aMachineThatHasNoThreadForAWhileIsAskedAgain() throws Exception {
    threadsRefused.set(2);
    Watchdog.Watched late = watch(Duration.ofSeconds(5));
    time.advance(Duration.ofSeconds(5));
    expect("cancel");
    threadsRefused.set(2);
    time.advance(Duration.ofSeconds(2));
    expect("cancel", "abort");
    assertThat(late.end()).isFalse();
    assertThat(threadsRefused).hasValue(0);
  }
}
