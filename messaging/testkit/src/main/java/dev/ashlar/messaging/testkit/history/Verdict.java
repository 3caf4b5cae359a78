package dev.ashlar.messaging.testkit.history;

import java.util.List;

/**
 * What a history shows that must not happen.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param findings at most {@value #FINDINGS_MAX}, in no particular order; the first few say enough
 */
public record Verdict(List<Finding> findings) {

  /** The most findings that are listed; a broken engine breaks its promise for every message. */
  public static final int FINDINGS_MAX = 1000;

  /** Copies, and cuts off what is too much. */
  public Verdict {
    findings = findings.stream().limit(FINDINGS_MAX).toList();
  }

  /** Returns the findings of one kind. */
  public List<Finding> of(Anomaly anomaly) {
    return findings.stream().filter(each -> each.anomaly() == anomaly).toList();
  }

  /** What must not happen. */
  public enum Anomaly {
    /** A message was confirmed, and never delivered, or given back and never delivered again. */
    LOST,
    /** A message was delivered although as many as were sent of it were done already. */
    DUPLICATED_AFTER_DONE,
    /** A message was first delivered before one of its key that was sent before it. */
    REORDERED_IN_KEY,
    /** A group never read a confirmed record that lies behind the first one that it read. */
    SKIPPED_POSITION,
    /** One place had two contents. */
    DIVERGENT_CONTENT,
    /** A group committed past a record that it had read and not finished. */
    COMMITTED_BEYOND_UNFINISHED
  }

  /**
   * One anomaly, and the events that together show it.
   *
   * @param events the offending ones, in the order that the anomaly is told in
   */
  public record Finding(Anomaly anomaly, List<Event> events) {

    /** Copies. */
    public Finding {
      events = List.copyOf(events);
    }
  }
}
