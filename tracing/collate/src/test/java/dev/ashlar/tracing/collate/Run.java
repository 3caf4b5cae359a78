package dev.ashlar.tracing.collate;

import dev.ashlar.core.IdSource;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.tracing.JsonLine;
import dev.ashlar.tracing.JsonLines;
import dev.ashlar.tracing.LogFields;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** What a few services would log, each by a clock of its own, in the order in which it happened. */
final class Run {

  static final String ID = "order-17";
  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  private static final Clocked NOBODY = new Clocked("nobody", Duration.ZERO);

  private final Map<String, Clocked> services = new TreeMap<>();
  private final List<String> lines = new ArrayList<>();
  private Instant now = START;

  Run service(String name, Duration offset) {
    services.put(name, new Clocked(name, offset));
    return this;
  }

  Run passes(long micros) {
    now = now.plus(Duration.ofNanos(micros * 1000));
    return this;
  }

  /** One line; the fields are names and values in turn. */
  Run logs(String service, String request, String cause, String... fields) {
    Clocked clocked = services.getOrDefault(service, NOBODY);
    JsonLine line = clocked.lines().line(now.plus(clocked.offset()), "INFO").with("logger", "x");
    line.with(LogFields.CORRELATION_ID, ID).with(LogFields.REQUEST_ID, request);
    if (!cause.isEmpty()) {
      line.with(LogFields.CAUSATION_ID, cause);
    }
    for (int i = 0; i < fields.length; i += 2) {
      if (fields[i].equals("duration_ns")) {
        line.with(fields[i], Long.parseLong(fields[i + 1]));
      } else {
        line.with(fields[i], fields[i + 1]);
      }
    }
    lines.add(line.text());
    return passes(100);
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  /** An order over HTTP, a call to the stock, and a payment through a queue. */
  static Run order(Duration stockOffset, Duration paymentOffset) {
    Run run =
        new Run()
            .service("web", Duration.ZERO)
            .service("stock", stockOffset)
            .service("payment", paymentOffset);
    return run.logs("web", "r1", "", "event", "request.start", "target", "POST /orders")
        .logs("web", "r1", "", "event", "call.start", "target", "stock")
        .logs("stock", "r2", "r1", "event", "request.start", "target", "POST /reservations")
        .logs("stock", "r2", "r1", "message", "reserved\u001b[31m 2 of 7")
        .logs(
            "stock",
            "r2",
            "r1",
            "event",
            "request.end",
            "target",
            "POST /reservations",
            "outcome",
            "ok",
            "duration_ns",
            "200000")
        .logs(
            "web",
            "r1",
            "",
            "event",
            "call.end",
            "target",
            "stock",
            "outcome",
            "ok",
            "duration_ns",
            "400000")
        .logs("web", "r1", "", "event", "message.sent", "target", "payment")
        .logs("web", "r1", "", "event", "message.sent", "target", "invoice")
        .logs("payment", "r3", "r1", "event", "message.received", "target", "payment")
        .logs(
            "web",
            "r1",
            "",
            "event",
            "request.end",
            "target",
            "POST /orders",
            "outcome",
            "ok",
            "duration_ns",
            "900000")
        .logs(
            "payment",
            "r3",
            "r1",
            "event",
            "request.end",
            "target",
            "payment",
            "outcome",
            "error",
            "duration_ns",
            "200000",
            "error_type",
            "java.lang.IllegalStateException")
        .logs("payment", "r4", "r1", "event", "message.received", "target", "payment");
  }

  /** Requests that cause requests, on services whose clocks differ by up to a minute. */
  static Run any(RandomGenerator random) {
    Run run = new Run();
    int services = 1 + random.nextInt(4);
    for (int i = 0; i < services; i++) {
      run.service("s" + i, Duration.ofMillis(random.nextInt(-60_000, 60_000)));
    }
    for (int request = 0; request < 12; request++) {
      String service = "s" + random.nextInt(services);
      String id = "r" + request;
      String cause = request == 0 ? "" : "r" + random.nextInt(request);
      if (random.nextInt(8) != 0) {
        run.logs(service, id, cause, "event", "message.received", "target", "q" + request % 3);
      }
      for (int i = random.nextInt(4); i > 0; i--) {
        run.logs(service, id, cause, "event", "message.sent", "target", "q" + random.nextInt(3));
        run.logs(service, id, cause, "message", "same");
      }
      if (random.nextInt(4) == 0) {
        // An id that two processes use, or causes that contradict each other: logs may say
        // anything.
        String other = "s" + random.nextInt(services);
        run.logs(other, id, "r" + random.nextInt(12), "event", "message.sent", "target", "q0");
      }
      if (random.nextInt(8) != 0) {
        run.logs(service, id, cause, "event", "request.end", "target", "q", "outcome", "ok");
      }
    }
    return run;
  }

  /** A service with a clock of its own, and the same process id in each run of the test. */
  private record Clocked(JsonLines lines, Duration offset) {
    Clocked(String name, Duration offset) {
      this(
          JsonLines.of(
              name, IdSource.of(ManualTime.create(), new SplittableRandom(name.hashCode()))),
          offset);
    }
  }
}
