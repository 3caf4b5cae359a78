package dev.ashlar.messaging.testkit;

import org.junit.jupiter.api.Test;

/**
 * What every {@link dev.ashlar.messaging.MessageQueue} must do, as tests: the properties QUEUE-1 to
 * QUEUE-36.
 *
 * <p>An adapter's test class extends this one, says how to open a queue and which clock it lives
 * by, and inherits the rest. The properties that need a promise, such as order, are tested where
 * the queue's guarantees make it, and reported as skipped where they do not; where trying is cheap,
 * they are tried all the same, and the evidence warns of a denial that does not hold. The consuming
 * loop is tested on the same queue, because what a user has is both together.
 *
 * <p><b>Guarantees.</b> No test asserts by having slept long enough, so a slow machine makes the
 * tests slower and not red. On a clock that is moved by hand they take no time.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 *
 * <p><b>Limits.</b> An engine with a real clock and a visibility of a second needs about a minute.
 *
 * @see InboxContract
 * @see OutboxContract
 */
public abstract class MessageQueueContract extends PipelineProperties {

  /** For subclasses. */
  protected MessageQueueContract() {}

  /** Fails nothing: that a promise could be made as well is a hint, and no defect. */
  @Test
  final void whatIsDeniedAndHoldsAllTheSameIsNotedInTheEvidence() throws Exception {
    DeniedPromises denied = new DeniedPromises(this);
    denied.note(denied.tried());
  }
}
