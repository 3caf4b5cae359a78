package dev.ashlar.examples.shop.report;

import dev.ashlar.examples.shop.run.StrategyRun;
import dev.ashlar.examples.shop.service.Strategy;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** A bar that grows on a terminal, or a line now and then elsewhere. */
public final class Bar implements StrategyRun.Progress {

  private static final int WIDTH = 24;
  private static final long LINE_EVERY_SECONDS = 2;

  private final PrintStream out;
  private final boolean terminal;
  private Strategy current = Strategy.DUAL_WRITES;
  private long best;
  private long lastTenth;
  private long lastSeconds;

  /**
   * Makes a bar.
   *
   * @param terminal whether {@code out} can write over a line
   */
  public Bar(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  @Override
  public void at(
      Strategy strategy, long done, long orders, Duration elapsed, Map<String, Long> faults) {
    if (strategy != current) {
      current = strategy;
      best = 0;
      lastTenth = 0;
      lastSeconds = 0;
    }
    best = Math.max(best, done);
    long tenth = best * 10 / orders;
    boolean due = tenth > lastTenth || elapsed.toSeconds() >= lastSeconds + LINE_EVERY_SECONDS;
    if (terminal || due) {
      lastTenth = tenth;
      lastSeconds = elapsed.toSeconds();
      print(line(orders, elapsed, faults));
    }
  }

  private String line(long orders, Duration elapsed, Map<String, Long> faults) {
    int filled = (int) (best * WIDTH / orders);
    long crashes = faults.getOrDefault("crash", 0L);
    return String.format(
        Locale.ROOT,
        "%-30s [%s%s] %3d%%  %,d of %,d orders, %d s, %d %s",
        current.title(),
        "#".repeat(filled),
        ".".repeat(WIDTH - filled),
        best * 100 / orders,
        best,
        orders,
        elapsed.toSeconds(),
        crashes,
        crashes == 1 ? "crash" : "crashes");
  }

  private void print(String line) {
    if (terminal) {
      out.print("\r\u001b[K" + line);
      out.flush();
    } else {
      out.println(line);
    }
  }

  /** Leaves the bar as it is and goes to a new line. */
  public void end() {
    if (terminal) {
      out.println();
    }
  }
}
