package dev.ashlar.examples;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.CorrelationId;
import dev.ashlar.core.Criticality;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Headers;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.MemoryQueue;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.tracing.ContextSnapshot;
import dev.ashlar.tracing.JsonLine;
import dev.ashlar.tracing.JsonLines;
import dev.ashlar.tracing.LogFields;
import dev.ashlar.tracing.collate.Collator;
import dev.ashlar.tracing.collate.Counts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;

/** A correlation id that is lost in a pool's thread, and so behind a queue, and one that is not. */
public final class LostCorrelation {

  private static final TimeSource TIME = TimeSource.system();
  private static final String ID = "order-17";

  private final JsonLines lines = JsonLines.of("shop", IdSource.system());
  private final Queue<String> log = new ConcurrentLinkedQueue<>();
  private final Deadline deadline = Deadline.after(Duration.ofSeconds(10), TIME);
  private final MessageQueue payments =
      MemoryQueue.of("payment", QueueOptions.capacity(1000), TIME, Observer.none());

  private LostCorrelation() {}

  /** Runs the example on the console. */
  public static void main(String[] args) throws Exception {
    run(System.out);
  }

  static void run(PrintStream out) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      // [readme:lost]
      out.println("lost:    " + new LostCorrelation().order(pool));
      out.println("carried: " + new LostCorrelation().order(ContextSnapshot.carrying(pool)));
      // [/readme]
    } finally {
      pool.shutdown();
    }
  }

  // [readme:order]
  private String order(Executor pool) throws Exception {
    Headers fromTheClient = Headers.of(CallContext.CORRELATION_HEADER, ID);
    CallContext request = receiver(CallContext.Trust.EDGE).receive(fromTheClient);
    request.call(
        () -> {
          log("order taken");
          FutureTask<Boolean> reservation = new FutureTask<>(this::reserve);
          pool.execute(reservation);
          return reservation.get();
        });

    Delivery delivery = payments.receive(1, deadline).get(0);
    Headers withTheMessage = delivery.message().headers();
    CallContext handling =
        receiver(CallContext.Trust.PEER).deliver(withTheMessage, delivery.attempt(), deadline);
    handling.call(() -> log("charged"));
    delivery.settle(Outcome.done(), deadline);
    return linesOfTheOrder();
  }

  private boolean reserve() throws Exception {
    log("stock reserved");
    // The queue takes the context of whoever sends, if there is one.
    payments.send(Message.of(MessageId.next(IdSource.system()), Bytes.utf8("17")), deadline);
    return true;
  }

  // [/readme]

  private static CallContext.Receiver receiver(CallContext.Trust trust) {
    return new CallContext.Receiver(
        trust,
        Criticality.CRITICAL,
        Duration.ofSeconds(10),
        IdSource.system(),
        TIME,
        Observer.none());
  }

  /** What a service with a layout for its log does by itself. */
  private boolean log(String message) {
    JsonLine line = lines.line(TIME.wallTime(), "INFO").with("message", message);
    CallContext.current()
        .ifPresent(context -> line.with(LogFields.CORRELATION_ID, context.correlation().value()));
    return log.add(line.text());
  }

  private String linesOfTheOrder() throws IOException {
    Collator collator = Collator.of(new CorrelationId(ID));
    collator.read(
        new ByteArrayInputStream(String.join("\n", log).getBytes(StandardCharsets.UTF_8)));
    Counts counts = collator.timeline().counts();
    return counts.selected() + " of " + counts.lines() + " log lines are found by " + ID;
  }
}
