package dev.ashlar.messaging.log;

import static java.util.Objects.requireNonNull;

import dev.ashlar.messaging.MessageQueue;

/**
 * What becomes of a record that cannot be handled: its attempts are spent, or its handler said that
 * none can help. A log has no place for it, so somebody must choose.
 *
 * <p><b>Threads.</b> Immutable.
 */
public sealed interface Poison {

  /**
   * The partition stops there: nothing more of it is begun, nothing behind the record is committed,
   * and lag grows until somebody acts. The order of all records is kept.
   */
  record Stop() implements Poison {}

  /** It is counted and passed over. */
  record Skip() implements Poison {}

  /**
   * It is sent to a queue, with its position and the reason as headers, and passed over once the
   * queue has accepted it. Sent again after a crash in between, with the same id.
   *
   * @param into where somebody looks
   */
  record DeadLetter(MessageQueue into) implements Poison {

    /** The header with the log's name and the record's position. */
    public static final String ORIGIN_HEADER = "dead-letter-origin";

    /** The header with the reason, as far as a header can have it. */
    public static final String REASON_HEADER = "dead-letter-reason";

    /** Checks the part. */
    public DeadLetter {
      requireNonNull(into, "into");
    }
  }
}
