package dev.ashlar.examples.shop.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.MDC;

/*
 * All services can live in one process, and SLF4J has one set of loggers for all of it. So the thread
 * says whose line it is: while a service works for an order that is logged, its route stands in the
 * MDC. What is logged without one goes nowhere: nobody has configured where.
 */

/** Gives each line to the log of the service that the thread works for. */
final class RoutingAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {

  /** The name under which the MDC has the route. */
  static final String ROUTE = "shop-route";

  /** As many as there are logs open now: Logback is one for the process, and so is this. */
  private static final Map<String, ServiceLog> LOGS = new ConcurrentHashMap<>();

  private static final AtomicLong OPENED = new AtomicLong();

  /** Lets lines through to a log, and returns the route to it. */
  static String open(ServiceLog log) {
    String route = Long.toString(OPENED.incrementAndGet());
    LOGS.put(route, log);
    return route;
  }

  static void close(String route) {
    LOGS.remove(route);
  }

  /** Returns the route of this thread's lines. */
  static Optional<String> current() {
    return Optional.ofNullable(MDC.get(ROUTE));
  }

  @Override
  protected void append(ILoggingEvent event) {
    String route = event.getMDCPropertyMap().get(ROUTE);
    ServiceLog log = route == null ? null : LOGS.get(route);
    if (log != null) {
      log.write(event);
    }
  }
}
