package dev.ashlar.leases.detect;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What a detector makes of a node's silence.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param level how much the silence speaks against the node, on the detector's own scale; zero or
 *     more, never infinite
 * @param sinceLast since the last heartbeat that counted, or since the node is watched
 * @param verdict what follows
 */
public record Suspicion(double level, Duration sinceLast, Verdict verdict) {

  /** Checks the parts. */
  public Suspicion {
    if (!(level >= 0 && level <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException("level: " + level + " (expected: >= 0, finite)");
    }
    requireNonNull(sinceLast, "sinceLast");
    requireNonNull(verdict, "verdict");
  }

  /** What follows from a silence. */
  public enum Verdict {
    /** It has been heard lately. */
    ALIVE,
    /** It has been silent for too long, while this process itself ran all the time. */
    SUSPECTED,
    /**
     * Nobody can tell: it is not watched, or has not been heard yet, or was silent while this
     * process itself stood still.
     */
    UNKNOWN
  }
}
