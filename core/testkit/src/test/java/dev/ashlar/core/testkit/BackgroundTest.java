package dev.ashlar.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class BackgroundTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  void aTaskRunsInADaemonOfItsNameAndItsResultComesOut() throws Exception {
    Background<Thread> task = Background.start("looks", Thread::currentThread);

    Eventually.holds("the end", PATIENCE, task::isDone);

    assertThat(task.result().getName()).isEqualTo("looks");
    assertThat(task.result().isDaemon()).isTrue();
  }

  @Test
  void whatItThrewComesOutAsItIs() throws Exception {
    IOException failure = new IOException("on purpose");
    Background<String> task =
        Background.start(
            "fails",
            () -> {
              throw failure;
            });

    Eventually.holds("the end", PATIENCE, task::isDone);

    assertThatThrownBy(task::result).isSameAs(failure);
  }

  @Test
  void anErrorIsTheCauseOfAnother() throws Exception {
    Background<String> task =
        Background.start(
            "crashes",
            () -> {
              throw new SimulatedCrash("step");
            });

    Eventually.holds("the end", PATIENCE, task::isDone);

    assertThatThrownBy(task::result)
        .isInstanceOf(AssertionError.class)
        .hasCauseInstanceOf(SimulatedCrash.class);
  }

  @Test
  void askingTooEarlyIsAnErrorOfTheTest() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    Background<Boolean> task =
        Background.start(
            "waits",
            () -> {
              goOn.await();
              return true;
            });

    assertThatThrownBy(task::result).hasMessage("task: still running (expected: done)");

    goOn.countDown();
    Eventually.holds("the end", PATIENCE, task::isDone);
    assertThat(task.result()).isTrue();
  }
}
