package dev.ashlar.messaging.journal;

import java.time.Duration;

/**
 * What an acknowledged append has survived by the time it is acknowledged.
 *
 * <p><b>Guarantees.</b> Whatever the choice, an acknowledged append survives the death of the
 * process; the choice is about the death of the machine.
 *
 * <p><b>Not guaranteed.</b> That a disk that says it has something has it: some answer from a cache
 * that the loss of power empties.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @see <a href="https://lwn.net/Articles/752063/">PostgreSQL's fsync() surprise</a>: why a force
 *     that failed is not tried again here
 */
public sealed interface Durability {

  /** Acknowledged means that the disk said it has it; all who wait share one such question. */
  Durability ON_APPEND = new OnAppend();

  /**
   * Acknowledged means that the operating system has it, which writes it when it likes.
   *
   * <p>With one folder, on Linux, the file that is written to is mapped, and an append is a copy
   * into the page cache: which survives the process however it ends, and not the machine. Each
   * acknowledgement comes after a look that the copy arrived. Up to eight files that are done with
   * stay mapped until the garbage collector comes to them: so long those that are deleted keep
   * their space, and the file system cannot be unmounted or made read-only.
   */
  Durability OS = new Os();

  /**
   * Acknowledged means that the operating system has it, and that the disk is asked at least once
   * in each interval in which something was appended.
   */
  static Durability every(Duration interval) {
    return new Every(interval);
  }

  /** See {@link #ON_APPEND}. */
  record OnAppend() implements Durability {}

  /**
   * See {@link #every}.
   *
   * @param interval how much time of acknowledged work the death of the machine may cost
   */
  record Every(Duration interval) implements Durability {

    /** Checks the interval. */
    public Every {
      if (interval.compareTo(Duration.ofMillis(1)) < 0
          || interval.compareTo(Duration.ofHours(1)) > 0) {
        throw new IllegalArgumentException("interval: " + interval + " (expected: 1 ms to 1 h)");
      }
    }
  }

  /** See {@link #OS}. */
  record Os() implements Durability {}
}
