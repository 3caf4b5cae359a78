package dev.ashlar.examples.house.samples.messaging;

import java.util.Timer;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Each lets the machine decide when something happens. */
public final class Timers {
  private Timers() {}

  public static final class OldTimer {
    public Timer start() {
      return new Timer();
    }
  }

  public static final class Executor {
    public ScheduledExecutorService start() {
      return Executors.newScheduledThreadPool(1);
    }
  }
}
