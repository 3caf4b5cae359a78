package dev.ashlar.examples.shop.run;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.shop.log.Trail;
import dev.ashlar.examples.shop.order.OrderBook;
import dev.ashlar.examples.shop.service.Customer;
import dev.ashlar.examples.shop.service.Job;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The customers: each takes the next order of the book and places it until the shop has it.
 *
 * <p><b>Limits.</b> {@value #THREADS} customers at a time. What the shop has taken is noted {@value
 * #NOTE_EVERY} orders at a time, and at the end.
 */
final class Customers {

  static final String CUSTOMERS = "customers";

  private static final int THREADS = 8;
  private static final int PAGE = 200;
  private static final int NOTE_EVERY = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final OrderBook book;
  private final Room room;
  private final Customer customer;
  private final IdSource ids;
  private final TimeSource time;
  private final List<Thread> threads = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();

  /** Held by whoever reads the next page of the book; guards where it was read to. */
  private final ReentrantLock filling = new ReentrantLock();

  private long lastRead;

  // All below are guarded by the lock.
  private final Deque<OrderBook.Placed> page = new ArrayDeque<>();
  private final List<Long> taken = new ArrayList<>();
  private long handedOver;
  private boolean stopped;
  private @Nullable String failure;

  Customers(OrderBook book, Room room, Customer customer, IdSource ids, TimeSource time) {
    this.book = book;
    this.room = room;
    this.customer = customer;
    this.ids = ids;
    this.time = time;
  }

  void start() {
    for (int i = 1; i <= THREADS; i++) {
      Thread thread = new Thread(this::shop, "customer-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  private void shop() {
    try {
      for (Optional<OrderBook.Placed> next = next(); next.isPresent(); next = next()) {
        place(next.get());
      }
    } catch (InterruptedException | RuntimeException e) {
      fail("customers: " + e);
    }
  }

  private Optional<OrderBook.Placed> next() throws InterruptedException {
    filling.lockInterruptibly();
    try {
      if (isEmpty()) {
        awaitRoom();
        fill(book.page(lastRead, PAGE));
      }
      return poll();
    } finally {
      filling.unlock();
    }
  }

  /** A shop with long queues lets nobody in: those who wait inside would lose their patience. */
  private void awaitRoom() throws InterruptedException {
    while (!isStopped() && !room.isThere(Deadline.after(PATIENCE, time))) {
      time.sleep(PAUSE);
    }
  }

  private void fill(List<OrderBook.Placed> placed) {
    lock.lock();
    try {
      page.addAll(placed);
    } finally {
      lock.unlock();
    }
    if (!placed.isEmpty()) {
      lastRead = placed.get(placed.size() - 1).number();
    }
  }

  private boolean isEmpty() {
    lock.lock();
    try {
      return page.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private Optional<OrderBook.Placed> poll() {
    lock.lock();
    try {
      return stopped ? Optional.empty() : Optional.ofNullable(page.poll());
    } finally {
      lock.unlock();
    }
  }

  /** Whoever gets no answer orders again, under the same id. */
  private void place(OrderBook.Placed placed) throws InterruptedException {
    CallContext first =
        Trail.begin(
            Trail.ofOrder(placed.order(), placed.number()),
            ids,
            Deadline.after(PATIENCE, time),
            CUSTOMERS);
    while (!isStopped()) {
      CallContext context = again(first);
      if (customer.place(Job.placed(placed.order(), placed.number(), context))) {
        note(placed.number());
        return;
      }
      time.sleep(PAUSE);
    }
  }

  /** Placing the order again is another request of the same undertaking. */
  private CallContext again(CallContext first) {
    return new CallContext(
        first.correlation(),
        ids.request(),
        first.causedBy(),
        Deadline.after(PATIENCE, time),
        first.criticality(),
        first.cohort(),
        1,
        first.retryRight(),
        first.client());
  }

  private void note(long number) {
    lock.lock();
    try {
      taken.add(number);
      handedOver++;
      if (taken.size() == NOTE_EVERY) {
        writeDown();
      }
    } finally {
      lock.unlock();
    }
  }

  private void writeDown() {
    if (!taken.isEmpty()) {
      book.noteHandedOver(taken);
      taken.clear();
    }
  }

  private boolean isStopped() {
    lock.lock();
    try {
      return stopped;
    } finally {
      lock.unlock();
    }
  }

  private void fail(String what) {
    lock.lock();
    try {
      failure = what;
    } finally {
      lock.unlock();
    }
  }

  /** Hands nothing more over, and writes down what was. */
  void stop() throws InterruptedException {
    lock.lock();
    try {
      stopped = true;
    } finally {
      lock.unlock();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    lock.lock();
    try {
      writeDown();
    } finally {
      lock.unlock();
    }
  }

  long handedOver() {
    lock.lock();
    try {
      return handedOver;
    } finally {
      lock.unlock();
    }
  }

  Optional<String> failure() {
    lock.lock();
    try {
      return Optional.ofNullable(failure);
    } finally {
      lock.unlock();
    }
  }

  /** Whether the shop can take more. */
  @FunctionalInterface
  interface Room {

    /** Looks; a shop that does not answer has none. */
    boolean isThere(Deadline deadline) throws InterruptedException;
  }
}
