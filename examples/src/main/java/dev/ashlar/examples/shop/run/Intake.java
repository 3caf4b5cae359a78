package dev.ashlar.examples.shop.run;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.shop.order.OrderBook;
import dev.ashlar.examples.shop.service.OrderMessages;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.SendResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The customers: hands the orders of the book over to the shop, as fast as it takes them, and notes
 * which it has taken.
 */
final class Intake implements Runnable {

  private static final int PAGE = 200;
  private static final Duration SEND_MAX = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final OrderBook book;
  private final MessageQueue queue;
  private final TimeSource time;
  private volatile boolean stopped;
  private volatile long handedOver;
  private volatile @Nullable String failure;

  Intake(OrderBook book, MessageQueue queue, TimeSource time) {
    this.book = book;
    this.queue = queue;
    this.time = time;
  }

  @Override
  public void run() {
    try {
      List<OrderBook.Placed> page = book.page(0, PAGE);
      while (!page.isEmpty() && !stopped) {
        handOver(page);
        page = book.page(handedOver, PAGE);
      }
    } catch (InterruptedException | RuntimeException e) {
      failure = "intake: " + e;
    }
  }

  private void handOver(List<OrderBook.Placed> page) throws InterruptedException {
    awaitRoom();
    List<Message> rest = new ArrayList<>();
    page.forEach(placed -> rest.add(OrderMessages.placed(placed.order(), placed.number())));
    while (!rest.isEmpty() && !stopped) {
      send(rest);
    }
    if (rest.isEmpty()) {
      long last = page.get(page.size() - 1).number();
      book.noteHandedOver(handedOver, last);
      handedOver = last;
    }
  }

  /** Sending to a queue that is almost full is dear: its room is counted for each message. */
  private void awaitRoom() throws InterruptedException {
    int enough = queue.options().capacity() / 2;
    while (!stopped && waiting() > enough) {
      time.sleep(PAUSE);
    }
  }

  private long waiting() throws InterruptedException {
    try {
      MessageQueue.Depth depth = queue.depth(Deadline.after(SEND_MAX, time));
      return depth.waiting() + depth.inFlight();
    } catch (BackendException e) {
      return Long.MAX_VALUE;
    }
  }

  /** A customer who gets no answer orders again, under the same id. */
  private void send(List<Message> rest) throws InterruptedException {
    try {
      List<SendResult> results = queue.sendAll(rest, Deadline.after(SEND_MAX, time));
      for (int i = rest.size() - 1; i >= 0; i--) {
        if (results.get(i) instanceof SendResult.Accepted) {
          rest.remove(i);
        }
      }
    } catch (BackendException e) {
      time.sleep(PAUSE);
    }
    if (!rest.isEmpty()) {
      time.sleep(PAUSE);
    }
  }

  /** Hands nothing more over. */
  void stop() {
    stopped = true;
  }

  long handedOver() {
    return handedOver;
  }

  Optional<String> failure() {
    return Optional.ofNullable(failure);
  }
}
