package dev.ashlar.examples.benchmarks.log;

import dev.ashlar.core.Deadline;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Threads that append as fast as they are let. */
final class Producers {

  /** A reading of the clock costs as much as a tenth of the fastest pipelined append. */
  private static final int ACKS_PER_CLOCK_READ = 32;

  private Producers() {}

  /** Blocking producers, each with one append at a time. */
  static Measured block(DurableLog log, Records records, int producers, Window window)
      throws Exception {
    List<CompletableFuture<Measured>> ends = new ArrayList<>();
    for (int i = 0; i < producers; i++) {
      int producer = i;
      CompletableFuture<Measured> end = new CompletableFuture<>();
      ends.add(end);
      Thread thread =
          new Thread(
              () -> {
                try {
                  end.complete(produce(log, records, producer, window));
                } catch (Exception e) {
                  end.completeExceptionally(e);
                }
              },
              "producer-" + i);
      thread.setDaemon(true);
      thread.start();
    }
    Measured all = new Measured(window);
    for (CompletableFuture<Measured> end : ends) {
      all.addAll(end.get());
    }
    return all;
  }

  private static Measured produce(DurableLog log, Records records, int producer, Window window)
      throws Exception {
    Measured measured = new Measured(window);
    long before = window.time().nanos();
    for (long n = 0; ; n++) {
      long number = Records.number(producer, n);
      log.append(records.make(number), window.deadline());
      measured.acknowledged().add(number);
      long after = window.time().nanos();
      if (measured.isEnough(after, 1)) {
        return measured;
      }
      if (window.counts(after)) {
        measured.latencies().add(after - before);
      }
      before = after;
    }
  }

  /** One thread with many in flight, which waits for the oldest when they are as many. */
  static Measured pipeline(DurableLog log, Records records, int inFlight, Window window)
      throws Exception {
    Measured measured = new Measured(window);
    ArrayDeque<DurableLog.Ticket> tickets = new ArrayDeque<>(inFlight);
    int every = (int) Math.min(ACKS_PER_CLOCK_READ, window.countMost());
    long acknowledged = 0;
    for (long n = 0; ; n++) {
      if (tickets.size() == inFlight) {
        tickets.remove().await(window.deadline());
        acknowledged++;
        if (acknowledged % every == 0 && measured.isEnough(window.time().nanos(), every)) {
          break;
        }
      }
      tickets.add(log.submit(records.make(n), window.deadline()));
      measured.acknowledged().add(n);
    }
    awaitAll(tickets, window.deadline());
    return measured;
  }

  /** Appends so many, pipelined. */
  static Tally fill(DurableLog log, Records records, long count, int inFlight, Deadline deadline)
      throws Exception {
    Tally tally = new Tally();
    ArrayDeque<DurableLog.Ticket> tickets = new ArrayDeque<>(inFlight);
    for (long n = 0; n < count; n++) {
      if (tickets.size() == inFlight) {
        tickets.remove().await(deadline);
      }
      tickets.add(log.submit(records.make(n), deadline));
      tally.add(n);
    }
    awaitAll(tickets, deadline);
    return tally;
  }

  private static void awaitAll(ArrayDeque<DurableLog.Ticket> tickets, Deadline deadline)
      throws Exception {
    while (!tickets.isEmpty()) {
      tickets.remove().await(deadline);
    }
  }
}
