package dev.ashlar.examples.house.samples.messaging;

import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.function.LongSupplier;

/** Each reads a clock of the machine. */
public final class Clocks {
  private Clocks() {}

  public static final class ElapsedTime {
    public long read() {
      return System.nanoTime();
    }
  }

  public static final class WallTime {
    public long read() {
      return System.currentTimeMillis();
    }
  }

  public static final class ByReference {
    public LongSupplier read() {
      return System::nanoTime;
    }
  }

  public static final class InALambda {
    public LongSupplier read() {
      return () -> System.nanoTime() + 1;
    }
  }

  public static final class Now {
    public Instant read() {
      return Instant.now();
    }
  }

  public static final class AClock {
    public Clock read() {
      return Clock.systemUTC();
    }
  }

  public static final class ADate {
    @SuppressWarnings("JavaUtilDate")
    public Date read() {
      return new Date();
    }
  }
}
