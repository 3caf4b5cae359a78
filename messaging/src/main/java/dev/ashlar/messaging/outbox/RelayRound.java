package dev.ashlar.messaging.outbox;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.SendResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/*
 * One round:
 *
 *   take or keep the turn      outbox.turn
 *   read a batch of due rows   outbox.due
 *   per destination: send      outbox.published      (no transaction is open here)
 *   note what was sent         outbox.marked
 *
 * Dying between published and marked sends those rows again, with the same ids.
 *
 * Rows that have never failed go together, rows that have failed go one by one: a row that makes every
 * batch fail would otherwise hold back all rows of its destination. After an exchange whose result is
 * unknown the destination is left alone until the next round, so that a queue that is away costs the
 * others one exchange in each round. After a row failed, later rows of its key are left for another
 * round too, which keeps their order.
 */

/** What an {@link OutboxRelay} does again and again; used by its one thread. */
final class RelayRound {

  private static final int CLEAN_UP_BATCH = 1000;

  private final OutboxStore store;
  private final Function<String, Optional<MessageQueue>> destinations;
  private final RelayOptions options;
  private final TimeSource time;
  private final Observer observer;
  private Optional<OutboxStore.Turn> turn = Optional.empty();
  private Deadline turnEnd;

  RelayRound(
      OutboxStore store,
      Function<String, Optional<MessageQueue>> destinations,
      RelayOptions options) {
    this.store = store;
    this.destinations = destinations;
    this.options = options;
    this.time = options.time();
    this.observer = options.observer();
    this.turnEnd = Deadline.after(Duration.ZERO, time);
  }

  /** Returns whether there may be more to do at once. */
  boolean run() throws InterruptedException {
    // Counted from before the request, so that this relay believes its turn over before the store.
    Deadline asked = Deadline.after(options.turn(), time);
    turn = store.takeTurn(options.name(), options.turn(), exchange());
    turnEnd = asked;
    if (turn.isEmpty()) {
      return false;
    }
    observer.step("outbox.turn");
    List<OutboxRow> rows = store.due(turn.get(), options.batch(), exchange());
    observer.step("outbox.due");
    Map<String, List<OutboxRow>> byDestination = new LinkedHashMap<>();
    for (OutboxRow row : rows) {
      byDestination.computeIfAbsent(row.destination(), name -> new ArrayList<>()).add(row);
    }
    boolean progress = false;
    for (Map.Entry<String, List<OutboxRow>> entry : byDestination.entrySet()) {
      progress |= publish(entry.getKey(), entry.getValue());
    }
    int removed = store.cleanUp(CLEAN_UP_BATCH, exchange());
    return progress || removed == CLEAN_UP_BATCH;
  }

  /** Lets another relay go on at once. */
  void end() throws InterruptedException {
    if (turn.isPresent()) {
      try {
        store.giveBack(turn.get(), exchange());
      } catch (BackendException e) {
        // The turn ends by itself.
        observer.count("outbox.store.failed", 1);
      }
    }
  }

  private Deadline exchange() {
    return Deadline.after(options.sendMax(), time);
  }

  private boolean publish(String destination, List<OutboxRow> rows) throws InterruptedException {
    Optional<MessageQueue> queue = destinations.apply(destination);
    if (queue.isEmpty()) {
      observer.count("outbox.destination.unknown", rows.size());
      for (OutboxRow row : rows) {
        fail(row, "destination: not known to this relay", false);
      }
      return false;
    }
    Exchange exchange = new Exchange(queue.get());
    List<OutboxRow> fresh = new ArrayList<>();
    for (OutboxRow row : rows) {
      if (row.attempts() == 0) {
        fresh.add(row);
      } else {
        exchange.send(fresh);
        exchange.send(List.of(row));
        fresh = new ArrayList<>();
      }
    }
    exchange.send(fresh);
    return exchange.progress;
  }

  private void fail(OutboxRow row, String cause, boolean forGood) throws InterruptedException {
    observer.count(forGood ? "outbox.parked" : "outbox.failed", 1);
    Optional<Duration> retryAfter =
        forGood ? Optional.empty() : Optional.of(retryDelay(row.attempts()));
    store.failed(turn.orElseThrow(), row.number(), cause, retryAfter, exchange());
  }

  private Duration retryDelay(int failures) {
    long first = options.retryFirst().toNanos();
    long max = options.retryMax().toNanos();
    int doublings = Math.min(failures, 62);
    return Duration.ofNanos(first > (max >> doublings) ? max : first << doublings);
  }

  /** The sending to one queue within one round. */
  private final class Exchange {
    private final MessageQueue queue;
    private final Set<String> heldKeys = new HashSet<>();
    private boolean silent;
    private boolean progress;

    Exchange(MessageQueue queue) {
      this.queue = queue;
    }

    void send(List<OutboxRow> all) throws InterruptedException {
      List<OutboxRow> rows = all.stream().filter(row -> !isHeld(row)).toList();
      // An exchange that could outlast the turn could run beside the next relay's.
      boolean inTime = turnEnd.remaining().compareTo(options.sendMax()) >= 0;
      if (rows.isEmpty() || silent || !inTime) {
        return;
      }
      List<SendResult> results = results(rows.stream().map(OutboxRow::message).toList());
      observer.step("outbox.published");
      note(rows, results);
    }

    private boolean isHeld(OutboxRow row) {
      return row.message().key().filter(heldKeys::contains).isPresent();
    }

    private List<SendResult> results(List<Message> messages) throws InterruptedException {
      try {
        return queue.sendAll(messages, exchange());
      } catch (BackendException e) {
        return messages.stream().<SendResult>map(message -> new SendResult.Unknown(e)).toList();
      }
    }

    private void note(List<OutboxRow> rows, List<SendResult> results) throws InterruptedException {
      List<Long> sent = new ArrayList<>();
      for (int i = 0; i < rows.size(); i++) {
        SendResult result = results.get(i);
        if (result instanceof SendResult.Accepted) {
          sent.add(rows.get(i).number());
        } else {
          noteFailure(rows.get(i), result);
        }
      }
      if (!sent.isEmpty()) {
        boolean mine = store.sent(turn.orElseThrow(), sent, exchange());
        observer.step("outbox.marked");
        observer.count(mine ? "outbox.sent" : "outbox.turn.lost", sent.size());
        progress |= mine;
      }
    }

    private void noteFailure(OutboxRow row, SendResult result) throws InterruptedException {
      row.message().key().ifPresent(heldKeys::add);
      if (result instanceof SendResult.Refused refused) {
        fail(row, refused.why(), refused.advice() instanceof Advice.Permanent);
      } else if (result instanceof SendResult.Unknown unknown) {
        silent = true;
        fail(row, String.valueOf(unknown.cause().getMessage()), false);
      }
    }
  }
}
