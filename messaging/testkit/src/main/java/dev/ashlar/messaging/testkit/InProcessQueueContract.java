package dev.ashlar.messaging.testkit;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The contract for a queue that lives in one process and takes its clocks from whoever makes it: a
 * test class says how the queue is made, and nothing else.
 *
 * <p>The clocks are moved by hand, so the whole contract takes seconds. A process that restarts
 * finds the queue that is there already, and the queue then tells the new process's observer.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 *
 * <pre>{@code
 * @Subject("own")
 * class OwnQueueTest extends InProcessQueueContract {
 *
 *   @Override
 *   protected MessageQueue make(
 *       String name, QueueOptions options, TimeSource time, Observer observer) {
 *     return new OwnQueue(name, options, time, observer);
 *   }
 * }
 * }</pre>
 *
 * @see MessageQueueContract for a queue whose messages outlive its process, or whose clock is its
 *     own
 */
public abstract class InProcessQueueContract extends MessageQueueContract {

  private final ManualTime time = ManualTime.create();
  private final Map<String, MessageQueue> queues = new HashMap<>();
  private final Map<String, CurrentObserver> observers = new HashMap<>();

  /** For subclasses. */
  protected InProcessQueueContract() {}

  /**
   * Makes an empty queue.
   *
   * @param name not used by any other test
   * @param options its bounds; those that it cannot keep it refuses
   * @param time the clocks by which it waits and by which things end
   * @param observer to be told of each message handed over, and of what expires
   */
  protected abstract MessageQueue make(
      String name, QueueOptions options, TimeSource time, Observer observer);

  /** The queue outlives its users here, so a restarted one brings an observer of its own. */
  @Override
  protected MessageQueue open(String name, QueueOptions options, Observer observer) {
    CurrentObserver current =
        observers.computeIfAbsent(name, key -> new CurrentObserver()).with(observer);
    return queues.computeIfAbsent(name, key -> make(key, options, time, current));
  }

  @Override
  protected TimeSource time() {
    return time;
  }

  @Override
  protected Duration visibility() {
    return Duration.ofSeconds(1);
  }

  @Override
  protected void pass(Duration duration) {
    time.advance(duration);
  }
}
