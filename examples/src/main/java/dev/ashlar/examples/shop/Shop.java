package dev.ashlar.examples.shop;

import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.shop.check.Anomalies;
import dev.ashlar.examples.shop.check.Checker;
import dev.ashlar.examples.shop.fault.FaultFile;
import dev.ashlar.examples.shop.fault.Schedule;
import dev.ashlar.examples.shop.log.Telling;
import dev.ashlar.examples.shop.log.Trail;
import dev.ashlar.examples.shop.order.OrderBook;
import dev.ashlar.examples.shop.order.OrderSource;
import dev.ashlar.examples.shop.report.Bar;
import dev.ashlar.examples.shop.report.Report;
import dev.ashlar.examples.shop.report.TextReport;
import dev.ashlar.examples.shop.report.TimelineReport;
import dev.ashlar.examples.shop.run.StrategyRun;
import dev.ashlar.examples.shop.service.Strategy;
import dev.ashlar.serialization.JsonCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs the shop: the same orders under the same faults, once under each strategy, and a table of
 * what went wrong.
 */
public final class Shop {

  static final int CLEAN = 0;
  static final int ANOMALIES = 1;
  static final int BAD_USE = 2;
  static final int BROKEN = 3;

  private static final Duration TIME_LIMIT_LEAST = Duration.ofSeconds(60);
  private static final Duration TIME_LIMIT_PER_ORDER = Duration.ofMillis(10);

  /**
   * Set by the script, which knows whether its standard error is a terminal; Java can only guess.
   */
  private static final String TERMINAL = "shop.terminal";

  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;
  private final TimeSource time;

  Shop(InputStream in, PrintStream out, PrintStream err, TimeSource time) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.time = time;
  }

  /** Runs the shop and exits with its status. */
  public static void main(String[] words) throws InterruptedException {
    Shop shop = new Shop(System.in, System.out, System.err, TimeSource.system());
    System.exit(shop.run(List.of(words)));
  }

  /** Runs and returns the exit status. */
  int run(List<String> words) throws InterruptedException {
    try {
      Options options = CommandLine.parse(words);
      return switch (options.action()) {
        case HELP -> show(help());
        case PRINT_FAULTS -> show(FaultFile.standardText());
        case RUN -> run(options);
      };
    } catch (BadUse e) {
      err.println("shop: " + e.getMessage());
      return BAD_USE;
    } catch (IllegalStateException e) {
      err.println("shop: the run has failed: " + e.getMessage());
      return BROKEN;
    }
  }

  private int show(String text) {
    out.print(text);
    out.flush();
    return CLEAN;
  }

  private static String help() {
    try (InputStream text = Shop.class.getResourceAsStream("help.txt")) {
      if (text == null) {
        throw new IllegalStateException("help.txt: missing (expected: in the jar)");
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("help.txt: unreadable", e);
    }
  }

  private int run(Options options) throws BadUse, InterruptedException {
    String scheduleText = scheduleText(options.faults());
    Schedule schedule = schedule(options.faults().orElse("faults.txt"), scheduleText);
    try (Workplace workplace = Workplace.open(options.keep())) {
      Filled filled = fillBook(options, workplace.folder());
      StrategyRun.Setup setup =
          new StrategyRun.Setup(
              workplace.folder(),
              filled.orders(),
              schedule,
              scheduleText,
              options.processes(),
              options.leases(),
              timeLimit(options, filled.orders()),
              time);
      Optional<Telling> telling = Telling.of(schedule, filled.orders());
      Report report =
          runBoth(options, filled, setup)
              .withLogs(
                  workplace.logs().toString(),
                  telling.map(order -> correlationId(workplace.folder(), order.number())));
      print(report, options, telling);
      workplace.keepLogs();
      return report.strategies().get(1).clean() ? CLEAN : ANOMALIES;
    }
  }

  private static String correlationId(Path folder, long number) {
    List<OrderBook.Placed> placed = new OrderBook(StrategyRun.book(folder)).page(number - 1, 1);
    return Trail.ofOrder(placed.get(0).order(), number).value();
  }

  private static Duration timeLimit(Options options, long orders) {
    Duration standard = TIME_LIMIT_LEAST.plus(TIME_LIMIT_PER_ORDER.multipliedBy(orders));
    // A process takes a second to come back, and those who need it wait for it.
    return options.timeLimit().orElse(options.processes() ? standard.multipliedBy(3) : standard);
  }

  private static String scheduleText(Optional<String> file) throws BadUse {
    if (file.isEmpty()) {
      return FaultFile.standardText();
    }
    try (InputStream in = Files.newInputStream(Path.of(file.get()))) {
      return FaultFile.text(in);
    } catch (IOException e) {
      throw new BadUse("--faults: " + file.get() + ": " + reason(e));
    }
  }

  /** The commonest reasons come without words. */
  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file";
    }
    return e instanceof AccessDeniedException ? "may not be read" : String.valueOf(e.getMessage());
  }

  private static Schedule schedule(String name, String text) throws BadUse {
    try {
      return FaultFile.parse(name, text);
    } catch (IllegalArgumentException e) {
      throw new BadUse(String.valueOf(e.getMessage()));
    }
  }

  private Filled fillBook(Options options, Path folder) throws BadUse {
    try (OrderBook.Writer book = new OrderBook(StrategyRun.book(folder)).writer()) {
      long bad = 0;
      if (options.orders().isPresent()) {
        bad = read(options.orders().get(), book);
      } else {
        OrderSource.make(options.seed(), options.count(), book);
      }
      if (book.count() == 0) {
        throw new BadUse("no valid order; bad lines: " + bad);
      }
      return new Filled(book.count(), bad);
    }
  }

  private long read(String file, OrderBook.Writer book) throws BadUse {
    boolean standard = file.equals("-");
    try (InputStream lines = standard ? in : Files.newInputStream(Path.of(file))) {
      return OrderSource.read(standard ? "<stdin>" : file, lines, book, err::println);
    } catch (IOException e) {
      throw new BadUse("--orders: " + file + ": " + reason(e));
    }
  }

  private Report runBoth(Options options, Filled filled, StrategyRun.Setup setup)
      throws InterruptedException {
    Optional<Long> seed =
        options.orders().isPresent() ? Optional.empty() : Optional.of(options.seed());
    err.println(
        filled.orders()
            + " orders"
            + seed.map(value -> ", made from seed " + value).orElse("")
            + (filled.badLines() > 0 ? "; bad lines: " + filled.badLines() : ""));
    Bar bar = new Bar(err, Boolean.getBoolean(TERMINAL));
    List<Report.Row> rows = new ArrayList<>();
    for (Strategy strategy : Strategy.values()) {
      StrategyRun.Ended ended = StrategyRun.run(strategy, setup, bar);
      bar.end();
      Anomalies anomalies = Checker.count(ended.folder());
      rows.add(
          new Report.Row(
              strategy.label(),
              strategy.title(),
              anomalies,
              ended.failedPayments(),
              ended.pages(),
              anomalies.isClean() && ended.cameToRest() && ended.pages().failed() == 0,
              ended.cameToRest(),
              ended.took().toMillis() / 1000.0,
              ended.faults()));
    }
    return new Report(
        filled.orders(), filled.badLines(), seed, options.processes(), "", Optional.empty(), rows);
  }

  private void print(Report report, Options options, Optional<Telling> telling) {
    if (options.json()) {
      out.println(JsonCodec.of(Report.class).encode(report).toUtf8());
    } else {
      out.println();
      TextReport.lines(report).forEach(out::println);
      TimelineReport.lines(report, telling).forEach(out::println);
    }
    options.keep().ifPresent(folder -> err.println("databases are in " + folder));
    out.flush();
  }

  private record Filled(long orders, long badLines) {}
}
