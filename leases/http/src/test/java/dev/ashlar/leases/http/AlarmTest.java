package dev.ashlar.leases.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.testkit.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An alarm takes its own interrupt back, and leaves those of others. */
class AlarmTest {

  private final ManualTime time = ManualTime.create();
  private final Alarm alarm = Alarm.at(Deadline.after(Duration.ofSeconds(1), time));

  @AfterEach
  void calm() {
    boolean unused = Thread.interrupted();
  }

  private void ring() {
    time.advance(Duration.ofSeconds(2));
  }

  /** What waits and is interrupted takes the interrupt away and throws. */
  private static void comesOut() {
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void itsInterruptIsTakenBack() {
    ring();
    alarm.end();

    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void itsInterruptComesOutAndIsItsOwn() {
    ring();
    comesOut();

    assertThat(alarm.endInterrupted()).isTrue();
  }

  @Test
  void anotherInterruptIsLeft() {
    Thread.currentThread().interrupt();
    ring();
    alarm.end();

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void anotherInterruptThatCameOutJustBeforeItRangIsNotItsOwn() {
    Thread.currentThread().interrupt();
    comesOut();
    ring();

    assertThat(alarm.endInterrupted()).isFalse();
    assertThat(Thread.interrupted()).as("the alarm's own").isFalse();
  }

  @Test
  void anotherInterruptThatComesAfterItsOwnIsNotLost() {
    ring();
    comesOut();
    Thread.currentThread().interrupt();

    assertThat(alarm.endInterrupted()).isFalse();
  }

  @Test
  void itDoesNotRingAfterItsEnd() {
    alarm.end();
    ring();

    assertThat(Thread.interrupted()).isFalse();
  }
}
