package dev.ashlar.messaging.testkit.history;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds in a history what no queue and no log may do.
 *
 * <p>It reports only what no order of the overlapping calls can explain, so a finding is a defect
 * of the engine, of its adapter, or of the recording. The anomalies are those of Jepsen's workload
 * for Kafka, as far as one process can see them, with those of queues added.
 *
 * <p><b>Guarantees.</b> A correct history has no findings, however its calls overlap. A message
 * that was sent under one id more than once, because an answer was lost, may be done as often.
 *
 * <p><b>Not guaranteed.</b> That a history without findings is correct: order is judged among calls
 * that do not overlap, and order in a key among messages that were sent once.
 *
 * <p><b>Threads.</b> Safe; nothing is kept.
 *
 * <p><b>Limits.</b> For n events, about n log n steps and memory for n references; a million events
 * take about two seconds.
 *
 * @see <a href="https://github.com/jepsen-io/jepsen">Jepsen, jepsen.tests.kafka</a>
 */
public final class HistoryCheck {

  private HistoryCheck() {}

  /**
   * Checks a history at whose end nothing was left: the queue was empty, dead letters included, and
   * every group had read to the end.
   */
  public static Verdict ofDrained(List<Event> events) {
    return check(events, true);
  }

  /** Checks a history that was cut off, in which what is missing may still come. */
  public static Verdict ofUnfinished(List<Event> events) {
    return check(events, false);
  }

  private static Verdict check(List<Event> events, boolean drained) {
    List<Verdict.Finding> findings = new ArrayList<>();
    new QueueCheck(events, findings).run(drained);
    new LogCheck(events, findings).run(drained);
    return new Verdict(findings);
  }
}
