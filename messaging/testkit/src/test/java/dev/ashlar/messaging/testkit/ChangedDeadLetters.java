package dev.ashlar.messaging.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import java.util.ArrayList;
import java.util.List;

/** A queue that tells or does something else about its dead letters. */
final class ChangedDeadLetters extends ForwardingQueue {

  private final Listing listing;
  private final Redriving redriving;

  private ChangedDeadLetters(MessageQueue inner, Listing listing, Redriving redriving) {
    super(inner);
    this.listing = listing;
    this.redriving = redriving;
  }

  static MessageQueue listing(MessageQueue inner, Listing listing) {
    return new ChangedDeadLetters(
        inner, listing, (queue, id, deadline) -> queue.deadLetters().redrive(id, deadline));
  }

  static MessageQueue redriving(MessageQueue inner, Redriving redriving) {
    return new ChangedDeadLetters(inner, List::of, redriving);
  }

  @Override
  public DeadLetters deadLetters() {
    DeadLetters healthy = super.deadLetters();
    return new DeadLetters() {
      @Override
      public List<Entry> list(int most, Deadline deadline) throws InterruptedException {
        List<Entry> changed = new ArrayList<>();
        for (Entry entry : healthy.list(most, deadline)) {
          changed.addAll(listing.of(entry));
        }
        return changed;
      }

      @Override
      public Redrive redrive(MessageId id, Deadline deadline) throws InterruptedException {
        return redriving.redrive(inner(), id, deadline);
      }

      @Override
      public boolean discard(MessageId id, Deadline deadline) throws InterruptedException {
        return healthy.discard(id, deadline);
      }
    };
  }

  /** What is listed for one dead letter. */
  @FunctionalInterface
  interface Listing {
    List<DeadLetters.Entry> of(DeadLetters.Entry entry);
  }

  /** What is done in place of a redrive. */
  @FunctionalInterface
  interface Redriving {
    DeadLetters.Redrive redrive(MessageQueue queue, MessageId id, Deadline deadline)
        throws InterruptedException;
  }
}
