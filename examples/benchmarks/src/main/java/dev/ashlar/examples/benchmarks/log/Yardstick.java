package dev.ashlar.examples.benchmarks.log;

import dev.ashlar.core.TimeSource;
import java.io.IOException;
import java.nio.file.Path;

/** Yardstick C, for what is built on a log. */
public final class Yardstick {

  private Yardstick() {}

  /** Opens the log, forced at each append, in a folder that is there. */
  public static DurableLog open(Path folder, TimeSource time) throws IOException {
    return new GroupedLog(new YardstickStore(folder, true, Durability.DISK), time);
  }
}
