package dev.ashlar.examples;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Codec;
import dev.ashlar.core.Criticality;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.MemoryQueue;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.consume.Consumer;
import dev.ashlar.messaging.consume.ConsumerOptions;
import dev.ashlar.messaging.consume.Handler;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Two messages that can never be handled: one that cannot be read, one on which the handler fails
 * each time. They are set aside with their raw bytes and a cause, later messages flow, and once the
 * handler is mended they are put back.
 *
 * <pre>
 * handled: {order-1=3, order-4=7}
 * set aside: order-2 after 1 attempt, bytes 32.2e.35
 *   because: malformed: MALFORMED, quantity: no whole number
 * set aside: order-3 after 5 attempts, bytes 30
 *   because: java.lang.ArithmeticException: / by zero
 *
 * the handler is mended; order-2: REDRIVEN, order-3: REDRIVEN
 * handled: {order-2=2, order-3=0}
 * left: 0, set aside: 0
 * </pre>
 */
public final class PoisonMessage {

  private static final TimeSource TIME = TimeSource.system();

  private final Deadline deadline = Deadline.after(Duration.ofSeconds(30), TIME);
  private final MessageQueue queue =
      MemoryQueue.of("orders", QueueOptions.capacity(1000), TIME, Observer.none());
  private final PrintStream out;

  private PoisonMessage(PrintStream out) {
    this.out = out;
  }

  /** Runs the example on the console. */
  public static void main(String[] args) throws Exception {
    run(System.out);
  }

  static void run(PrintStream out) throws Exception {
    new PoisonMessage(out).run();
  }

  private void run() throws Exception {
    send("order-1", "3");
    send("order-2", "2.5"); // A producer of a newer version, which sells by weight.
    send("order-3", "0");
    send("order-4", "7");

    Codec<Integer> whole = quantities(Integer::parseInt);
    consume(whole, quantity -> quantity + 0 / quantity);
    for (DeadLetters.Entry dead : queue.deadLetters().list(10, deadline)) {
      tell(dead);
    }

    DeadLetters dead = queue.deadLetters();
    DeadLetters.Redrive second = dead.redrive(new MessageId("order-2"), deadline);
    DeadLetters.Redrive third = dead.redrive(new MessageId("order-3"), deadline);
    out.println();
    out.println("the handler is mended; order-2: " + second + ", order-3: " + third);
    Codec<Integer> rounded = quantities(text -> (int) Double.parseDouble(text));
    consume(rounded, quantity -> quantity);
    MessageQueue.Depth depth = queue.depth(deadline);
    out.println("left: " + depth.waiting() + ", set aside: " + depth.dead());
  }

  private void send(String id, String quantity) throws InterruptedException {
    queue.send(Message.of(new MessageId(id), Bytes.utf8(quantity)), deadline);
  }

  private void consume(Codec<Integer> codec, Work work) throws Exception {
    Map<String, Integer> handled = new ConcurrentSkipListMap<>();
    Handler handler =
        Handler.decoding(
            codec,
            (quantity, message, context) -> {
              handled.put(message.id().value(), work.on(quantity));
              return Outcome.done();
            });
    ConsumerOptions options =
        ConsumerOptions.of("stock", receiver(), new SplittableRandom(17))
            .withRetry(Duration.ofMillis(1), Duration.ofMillis(4));
    try (Consumer consumer = Consumer.start(queue, handler, options)) {
      while (consumer.state() == Consumer.State.RUNNING && isBusy()) {
        TIME.sleep(Duration.ofMillis(1));
      }
    }
    out.println("handled: " + handled);
  }

  private boolean isBusy() throws InterruptedException {
    MessageQueue.Depth depth = queue.depth(deadline);
    return depth.waiting() + depth.inFlight() > 0;
  }

  private void tell(DeadLetters.Entry dead) {
    byte[] raw = dead.message().payload().toArray();
    out.println(
        "set aside: "
            + dead.message().id()
            + " after "
            + dead.attempts()
            + (dead.attempts() == 1 ? " attempt" : " attempts")
            + ", bytes "
            + HexFormat.ofDelimiter(".").formatHex(raw));
    out.println("  because: " + dead.reason());
  }

  private interface Work {
    int on(int quantity);
  }

  private interface Parsing {
    int parse(String text);
  }

  /**
   * A codec that says that it cannot read something in the one way that means: no use in retrying.
   */
  private static Codec<Integer> quantities(Parsing parsing) {
    return Codec.utf8().as(text -> parse(parsing, text), String::valueOf);
  }

  private static int parse(Parsing parsing, String text) {
    try {
      return parsing.parse(text);
    } catch (NumberFormatException e) {
      throw new MalformedDataException(
          MalformedDataException.Reason.MALFORMED, "quantity: no whole number", e);
    }
  }

  private static CallContext.Receiver receiver() {
    return new CallContext.Receiver(
        CallContext.Trust.PEER,
        Criticality.CRITICAL,
        Duration.ofMinutes(1),
        IdSource.system(),
        TIME,
        Observer.none());
  }
}
