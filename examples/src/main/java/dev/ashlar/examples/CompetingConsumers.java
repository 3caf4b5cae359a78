package dev.ashlar.examples;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Criticality;
import dev.ashlar.core.Deadline;
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
import dev.ashlar.messaging.consume.Consumer;
import dev.ashlar.messaging.consume.Consumer.State;
import dev.ashlar.messaging.consume.ConsumerOptions;
import dev.ashlar.messaging.consume.Handler;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;

/**
 * Two consumers compete for the messages of one queue. Then one of them is paused for longer than
 * it may keep a message: the other one gets it, and the late settlement changes nothing.
 *
 * <pre>
 * a and b handled 1000 orders, twice: 0
 *
 * a takes order-1
 * b takes order-2, settles it: APPLIED
 * a is paused for 31 s; it may keep a message for 30
 * b takes order-1, attempt 2
 * a wakes up and settles order-1: STALE
 * b settles order-1: APPLIED
 * left: 0
 * </pre>
 *
 * Both have worked on order-1: an inbox makes that harmless, see {@code ChargedOnce}.
 */
public final class CompetingConsumers {

  private CompetingConsumers() {}

  /** Runs the example on the console. */
  public static void main(String[] args) throws Exception {
    run(System.out);
  }

  static void run(PrintStream out) throws Exception {
    compete(out);
    out.println();
    pause(out);
  }

  private static void compete(PrintStream out) throws Exception {
    TimeSource time = TimeSource.system();
    Deadline deadline = Deadline.after(Duration.ofSeconds(30), time);
    MessageQueue queue =
        MemoryQueue.of("orders", QueueOptions.capacity(1000), time, Observer.none());
    Map<MessageId, Integer> handled = new ConcurrentHashMap<>();
    Handler handler =
        (message, context) -> {
          handled.merge(message.id(), 1, Integer::sum);
          return Outcome.done();
        };
    try (Consumer a = Consumer.start(queue, handler, options("a", time));
        Consumer b = Consumer.start(queue, handler, options("b", time))) {
      for (int i = 1; i <= 1000; i++) {
        queue.send(order(i), deadline);
      }
      while (a.state() == State.RUNNING && b.state() == State.RUNNING && isBusy(queue, deadline)) {
        time.sleep(Duration.ofMillis(1));
      }
    }
    long twice = handled.values().stream().filter(times -> times > 1).count();
    out.println("a and b handled " + handled.size() + " orders, twice: " + twice);
  }

  private static boolean isBusy(MessageQueue queue, Deadline deadline) throws InterruptedException {
    MessageQueue.Depth depth = queue.depth(deadline);
    return depth.waiting() + depth.inFlight() > 0;
  }

  private static ConsumerOptions options(String name, TimeSource time) {
    CallContext.Receiver receiver =
        new CallContext.Receiver(
            CallContext.Trust.PEER,
            Criticality.CRITICAL,
            Duration.ofMinutes(1),
            IdSource.system(),
            time,
            Observer.none());
    return ConsumerOptions.of(name, receiver, new SplittableRandom(17)).withConcurrency(4, 8);
  }

  /** The same by hand, so that one can be paused in the middle. */
  private static void pause(PrintStream out) throws Exception {
    TimeSource time = new VirtualTime();
    Deadline deadline = Deadline.after(Duration.ofHours(1), time);
    QueueOptions options = QueueOptions.capacity(1000).withVisibility(Duration.ofSeconds(30));
    MessageQueue queue = MemoryQueue.of("orders", options, time, Observer.none());
    queue.send(order(1), deadline);
    queue.send(order(2), deadline);

    Delivery ofA = queue.receive(1, deadline).get(0);
    out.println("a takes " + ofA.message().id());
    Delivery ofB = queue.receive(1, deadline).get(0);
    out.println(
        "b takes " + ofB.message().id() + ", settles it: " + ofB.settle(Outcome.done(), deadline));

    out.println("a is paused for 31 s; it may keep a message for 30");
    time.sleep(Duration.ofSeconds(31));
    Delivery again = queue.receive(1, deadline).get(0);
    out.println("b takes " + again.message().id() + ", attempt " + again.attempt());
    out.println("a wakes up and settles order-1: " + ofA.settle(Outcome.done(), deadline));
    out.println("b settles order-1: " + again.settle(Outcome.done(), deadline));
    out.println("left: " + queue.depth(deadline).waiting());
  }

  private static Message order(int number) {
    return Message.of(new MessageId("order-" + number), Bytes.utf8("" + number));
  }

  /** The clocks of an example in one thread: waiting moves them on, and takes no time. */
  private static final class VirtualTime implements TimeSource {
    private long nanos;

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public Instant wallTime() {
      return Instant.EPOCH.plusNanos(nanos);
    }

    @Override
    public void sleep(Duration duration) {
      nanos += duration.toNanos();
    }

    @Override
    public boolean await(Condition condition, Deadline deadline) {
      sleep(deadline.remaining());
      return false;
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
      throw new UnsupportedOperationException("after: no timers here");
    }
  }
}
