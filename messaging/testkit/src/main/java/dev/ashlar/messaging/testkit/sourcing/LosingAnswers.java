package dev.ashlar.messaging.testkit.sourcing;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.messaging.sourcing.Append;
import dev.ashlar.messaging.sourcing.AppendResult;
import dev.ashlar.messaging.sourcing.EventStore;

/** A store behind a network that brings it every append, and brings back no answer. */
final class LosingAnswers extends ForwardingEventStore {

  LosingAnswers(EventStore inner) {
    super(inner);
  }

  @Override
  public AppendResult append(Append append, Deadline deadline) throws InterruptedException {
    super.append(append, deadline);
    return new AppendResult.Unknown(
        new BackendException(
            "store: no answer within the deadline", Effect.UNKNOWN, new Advice.Transient(), null));
  }
}
