package dev.ashlar.examples.house.samples.messaging;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;

/** Each sleeps, or waits with a limit that no test can move. */
@SuppressWarnings({"WaitNotInLoop", "ThreadJoinLoop"})
public final class Waits {
  private Waits() {}

  public static final class Sleeps {
    public void pause() throws InterruptedException {
      Thread.sleep(1);
    }
  }

  public static final class SleepsByUnit {
    public void pause() throws InterruptedException {
      TimeUnit.SECONDS.sleep(1);
    }
  }

  public static final class Parks {
    public void pause() {
      LockSupport.parkNanos(1);
    }
  }

  public static final class Joins {
    public void pause(Thread other) throws InterruptedException {
      other.join(1);
    }
  }

  public static final class AwaitsACondition {
    public boolean pause(Condition condition) throws InterruptedException {
      return condition.await(1, TimeUnit.SECONDS);
    }
  }

  public static final class AwaitsNanos {
    public long pause(Condition condition) throws InterruptedException {
      return condition.awaitNanos(1);
    }
  }
}
