package dev.ashlar.core.testkit.world;

import java.util.PriorityQueue;

/** True time, and what is to happen in it: by moment, and at one moment in the order of adding. */
final class Agenda {

  private final PriorityQueue<Entry> entries = new PriorityQueue<>();
  private long now;
  private long added;

  /** Returns the nanoseconds since the world began. */
  long now() {
    return now;
  }

  /** Adds what is to be done at a moment, at once if that has passed. */
  Entry at(long moment, Work work) {
    Entry entry = new Entry(Math.max(moment, now), added++, work);
    entries.add(entry);
    return entry;
  }

  /** Does what is next, if it is due by the end; returns whether it was. */
  boolean doNext(long end) throws Exception {
    Entry next = entries.peek();
    if (next == null || next.moment > end) {
      now = end;
      return false;
    }
    entries.remove();
    if (!next.cancelled) {
      now = next.moment;
      next.work.run();
    }
    return true;
  }

  /** Something to be done. */
  static final class Entry implements Comparable<Entry> {
    private final long moment;
    private final long number;
    private final Work work;
    private boolean cancelled;

    private Entry(long moment, long number, Work work) {
      this.moment = moment;
      this.number = number;
      this.work = work;
    }

    void cancel() {
      cancelled = true;
    }

    @Override
    public int compareTo(Entry other) {
      int byMoment = Long.compare(moment, other.moment);
      return byMoment != 0 ? byMoment : Long.compare(number, other.number);
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(number);
    }
  }
}
