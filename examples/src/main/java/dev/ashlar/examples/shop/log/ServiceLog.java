package dev.ashlar.examples.shop.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.CorrelationId;
import dev.ashlar.core.Headers;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.examples.shop.fault.FaultLog;
import dev.ashlar.examples.shop.service.Customer;
import dev.ashlar.examples.shop.service.Step;
import dev.ashlar.tracing.JsonLine;
import dev.ashlar.tracing.JsonLines;
import dev.ashlar.tracing.Tracing;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.KeyValuePair;

/**
 * The log of one start of one service: an observer that sees through {@link Tracing}, for the
 * orders that are logged, and nothing at all for the others; and the file that their lines go to.
 *
 * <p><b>Threads.</b> Safe.
 */
public final class ServiceLog implements Observer, AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(ServiceLog.class);

  private final Predicate<CorrelationId> logged;
  private final BooleanSupplier dead;
  private final Tracing tracing;
  private final JsonLines lines;
  private final LogFile file;
  private final String route = RoutingAppender.open(this);
  private final ReentrantLock lock = new ReentrantLock();

  /**
   * Opens a log.
   *
   * @param logged which correlation ids have lines
   * @param dead whether the service has died, and so logs nothing more
   */
  ServiceLog(
      LogFile file,
      JsonLines lines,
      Tracing tracing,
      Predicate<CorrelationId> logged,
      BooleanSupplier dead) {
    this.file = file;
    this.lines = lines;
    this.tracing = tracing;
    this.logged = logged;
    this.dead = dead;
  }

  @Override
  public <T, X extends Exception> T around(Operation operation, Headers out, Body<T, X> body)
      throws X {
    if (isOfThisThread()) {
      return tracing.around(operation, out, body);
    }
    if (CallContext.current().filter(each -> logged.test(each.correlation())).isEmpty()) {
      return body.run(out);
    }
    String before = MDC.get(RoutingAppender.ROUTE);
    MDC.put(RoutingAppender.ROUTE, route);
    try {
      return tracing.around(operation, out, body);
    } finally {
      if (before == null) {
        MDC.remove(RoutingAppender.ROUTE);
      } else {
        MDC.put(RoutingAppender.ROUTE, before);
      }
    }
  }

  private boolean isOfThisThread() {
    return RoutingAppender.current().filter(route::equals).isPresent();
  }

  /** What a block counts while it works for an order that is logged belongs to what happened. */
  @Override
  public void count(String event, long n) {
    say(event);
  }

  /** Says what the service is doing, if it is for an order that is logged. */
  public void say(String what) {
    if (isOfThisThread()) {
      LOGGER.info(what);
    }
  }

  /** Does work as a request of its own, in a context that nothing before has made current. */
  public <T, X extends Exception> T within(
      String name, CallContext context, CallContext.Task<T, X> work) throws X {
    Operation request = Operation.of(Operation.Kind.INTERNAL, name);
    return context.call(() -> this.<T, X>around(request, Headers.empty(), out -> work.run()));
  }

  /** Returns steps that are logged as the service comes to them. */
  public Step.Listener watch(Step.Listener steps) {
    return (step, orderNumber) -> {
      say(step.label());
      steps.reached(step, orderNumber);
    };
  }

  /**
   * Returns faults that are logged by whom they come upon; a death is not, for the dead are mute.
   */
  public FaultLog watch(FaultLog faults) {
    return (kind, where, number) -> {
      if (isOfThisThread()) {
        LOGGER.warn("fault by the schedule: {} {}", kind, where.label());
      }
      faults.note(kind, where, number);
    };
  }

  /** Returns a customer whose every coming to the shop is a request in this log. */
  public Customer watch(Customer customer) {
    return job -> within("order", job.context(), () -> new Answered(customer.place(job))).served();
  }

  /** Writes what Logback hands over. */
  void write(ILoggingEvent event) {
    lock.lock();
    try {
      if (dead.getAsBoolean() || file.isFull()) {
        return;
      }
      file.append(text(event));
      if (file.isFull()) {
        file.append(lines.line(event.getInstant(), "WARN").with("message", LAST).text());
      }
    } finally {
      lock.unlock();
    }
  }

  private static final String LAST =
      "the log is full (" + LogFile.BYTES_MAX + " bytes): what comes later is left out";

  private String text(ILoggingEvent event) {
    JsonLine line = lines.line(event.getInstant(), event.getLevel().toString());
    line.with("logger", event.getLoggerName()).with("thread", event.getThreadName());
    TreeMap<String, String> ids = new TreeMap<>(event.getMDCPropertyMap());
    ids.remove(RoutingAppender.ROUTE);
    line.with("message", event.getFormattedMessage()).withAll(ids);
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        line.withValue(pair.key, pair.value);
      }
    }
    if (event.getThrowableProxy() instanceof ThrowableProxy failure) {
      line.withError(failure.getThrowable());
    }
    return line.text();
  }

  @Override
  public void close() {
    RoutingAppender.close(route);
    lock.lock();
    try {
      file.close();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the shop has said that it has the order; if not, the customer comes again. */
  private record Answered(boolean served) implements Operation.Ending {

    @Override
    public Optional<String> failure() {
      return served ? Optional.empty() : Optional.of("not-served");
    }
  }
}
