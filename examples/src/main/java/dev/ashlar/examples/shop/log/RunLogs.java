package dev.ashlar.examples.shop.log;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.CorrelationId;
import dev.ashlar.core.Criticality;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.shop.fault.Schedule;
import dev.ashlar.examples.shop.page.PagePart;
import dev.ashlar.examples.shop.service.Service;
import dev.ashlar.examples.shop.service.Strategy;
import dev.ashlar.tracing.Boundary;
import dev.ashlar.tracing.JsonLines;
import dev.ashlar.tracing.Tracing;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * The logs of all services under one strategy: JSON lines, a file for each service.
 *
 * <pre>
 *   ROOT/dual/...            databases
 *   ROOT/logs/dual/customers.jsonl orders.jsonl payment.jsonl ...
 * </pre>
 */
public final class RunLogs {

  /** The name of the folder with all logs, beside those with the databases. */
  public static final String FOLDER = "logs";

  /** Says what is logged. */
  public static final String LOGGED =
      "the first "
          + Sample.FIRST
          + " orders that each fault comes upon, and every "
          + Sample.EVERY
          + "th";

  /** What ends the name of each log. */
  public static final String SUFFIX = ".jsonl";

  /** One for the process: spans of all services are told apart by their traces. */
  private static final OpenTelemetry TRACES = new TraceIds();

  private static final Duration LONGEST = Duration.ofHours(1);

  private final Path folder;
  private final Schedule schedule;
  private final TimeSource time;

  private RunLogs(Path folder, Schedule schedule, TimeSource time) {
    this.folder = folder;
    this.schedule = schedule;
    this.time = time;
  }

  /**
   * Returns the logs of a strategy; the folder is made if it is not there.
   *
   * @param databases the folder of the strategy's databases
   */
  public static RunLogs of(Path databases, Strategy strategy, Schedule schedule, TimeSource time) {
    Path folder = databases.resolveSibling(FOLDER).resolve(strategy.label());
    try {
      return new RunLogs(Files.createDirectories(folder), schedule, time);
    } catch (IOException e) {
      throw new IllegalStateException("logs: cannot be made: " + e, e);
    }
  }

  /**
   * Opens the log of whoever works for orders.
   *
   * @param dead whether the service has died
   */
  public ServiceLog ofOrders(String service, BooleanSupplier dead) {
    return open(service, new Sample(schedule, target -> target instanceof Service), dead);
  }

  /** Opens the log of whoever works for the product page. */
  public ServiceLog ofPages(String service) {
    return open(service, new Sample(schedule, target -> target instanceof PagePart), () -> false);
  }

  /** Opens the log of a job that logs all it does. */
  public ServiceLog ofJob(String instance) {
    return open(instance, id -> true, () -> false);
  }

  private ServiceLog open(String service, Predicate<CorrelationId> logged, BooleanSupplier dead) {
    IdSource ids = IdSource.system();
    CallContext.Receiver receiver =
        new CallContext.Receiver(
            CallContext.Trust.PEER, Criticality.CRITICAL_PLUS, LONGEST, ids, time, Observer.none());
    Tracing tracing =
        Tracing.of(
            TRACES, service, receiver, Boundary.to(Boundary.EgressPolicy.hosts("127.0.0.1")));
    LogFile file = LogFile.open(folder.resolve(service + SUFFIX));
    return new ServiceLog(file, JsonLines.of(service, ids), tracing, logged, dead);
  }
}
