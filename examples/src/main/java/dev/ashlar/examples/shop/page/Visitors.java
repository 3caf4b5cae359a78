package dev.ashlar.examples.shop.page;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.shop.log.ServiceLog;
import dev.ashlar.examples.shop.log.Trail;
import dev.ashlar.examples.shop.service.Strategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * People who look at product pages while others order.
 *
 * <p><b>Limits.</b> {@value #THREADS} visitors at a time.
 */
public final class Visitors implements AutoCloseable {

  private static final int THREADS = 2;
  private static final Duration REQUEST_MAX = Duration.ofSeconds(5);

  private final ProductPage page;
  private final ExecutorService parts;
  private final IdSource ids;
  private final TimeSource time;
  private final ServiceLog log;
  private final AtomicLong next = new AtomicLong();
  private final AtomicLong degraded = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();
  private volatile long pages;
  private volatile boolean stopped;

  /**
   * Makes visitors of the page as a strategy puts it together.
   *
   * @param log of whoever puts the page together
   */
  public Visitors(
      Strategy strategy, PartDoor door, ServiceLog log, TimeSource time, RandomGenerator random) {
    this.parts = Executors.newFixedThreadPool(THREADS * PagePart.values().length, Visitors::daemon);
    this.page =
        strategy == Strategy.DUAL_WRITES
            ? new PlainPage(door, parts, time)
            : new DegradingPage(door, parts, time, random, log);
    this.ids = IdSource.of(time, random);
    this.time = time;
    this.log = log;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "page-part");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Lets them in.
   *
   * @param howMany pages they look at
   */
  public void start(long howMany) {
    pages = howMany;
    for (int i = 0; i < THREADS; i++) {
      Thread thread = new Thread(this::visit, "visitor");
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  private void visit() {
    try {
      for (long number = next.incrementAndGet();
          number <= pages && !stopped;
          number = next.incrementAndGet()) {
        look(number);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(long number) throws InterruptedException {
    Deadline deadline = Deadline.after(REQUEST_MAX, time);
    CallContext context = Trail.begin(Trail.ofPage(number), ids, deadline, "visitors");
    switch (log.within("page", context, () -> page.show(number, context))) {
      case WHOLE -> {}
      case DEGRADED -> degraded.incrementAndGet();
      case FAILED -> failed.incrementAndGet();
    }
  }

  /** Waits until all pages were looked at. */
  public Seen await() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
    return new Seen(pages, degraded.get(), failed.get());
  }

  /** Sends them away. */
  @Override
  public void close() {
    stopped = true;
    parts.shutdownNow();
  }

  /**
   * What the visitors got to see.
   *
   * @param pages how many they looked at
   * @param degraded how many of them had a substitute in them
   * @param failed how many were none
   */
  public record Seen(long pages, long degraded, long failed) {}
}
