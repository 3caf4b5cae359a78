package dev.ashlar.examples.benchmarks.log;

import dev.ashlar.core.Deadline;
import dev.ashlar.examples.benchmarks.Crew;
import dev.ashlar.examples.benchmarks.Measured;
import dev.ashlar.examples.benchmarks.Records;
import dev.ashlar.examples.benchmarks.Tally;
import dev.ashlar.examples.benchmarks.Window;
import java.util.ArrayDeque;

/** Threads that append as fast as they are let. */
final class Producers {

  /** A reading of the clock costs as much as a tenth of the fastest pipelined append. */
  private static final int ACKS_PER_CLOCK_READ = 32;

  /** Of the threads of a crew. */
  static final String ROLE = "producer";

  private Producers() {}

  /** Blocking producers, each with one append at a time. */
  static Crew block(DurableLog log, Records records, int producers, Window window)
      throws InterruptedException {
    Crew crew = new Crew(window);
    crew.start(ROLE, producers, number -> produce(log, records, number, window));
    crew.awaitWarmUp();
    return crew;
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
  static Crew pipeline(DurableLog log, Records records, int inFlight, Window window)
      throws InterruptedException {
    Crew crew = new Crew(window);
    crew.start(ROLE, 1, number -> pipelined(log, records, inFlight, window));
    crew.awaitWarmUp();
    return crew;
  }

  private static Measured pipelined(DurableLog log, Records records, int inFlight, Window window)
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
