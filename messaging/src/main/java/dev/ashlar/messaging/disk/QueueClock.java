package dev.ashlar.messaging.disk;

import dev.ashlar.core.TimeSource;

/*
 * Elapsed time has no origin that outlives a process, and wall time jumps. So the queue has a time of
 * its own: it begins at what the wall clock says when the queue is opened, or at the last moment that
 * its journal knows of if that is later, and then goes on with the elapsed clock. While a process has
 * the queue a jump of the wall clock moves nothing; between two processes the wall clock is the only
 * one that goes on, and if it was set back, no time has passed.
 */
/** Queue time, in nanoseconds. */
final class QueueClock {

  private final TimeSource time;
  private final long offset;

  /** Begins at a moment that is not before the last one known. */
  QueueClock(TimeSource time, long lastKnown) {
    this.time = time;
    this.offset = Math.max(lastKnown, QueueLive.nanos(time.wallTime())) - time.nanos();
  }

  long now() {
    return offset + time.nanos();
  }
}
