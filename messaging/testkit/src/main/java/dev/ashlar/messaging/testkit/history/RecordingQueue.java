package dev.ashlar.messaging.testkit.history;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.Settlement;
import dev.ashlar.messaging.testkit.ForwardingDelivery;
import dev.ashlar.messaging.testkit.ForwardingQueue;
import dev.ashlar.messaging.testkit.history.Event.Answer;
import dev.ashlar.messaging.testkit.history.Event.Settled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Records what is sent, delivered and settled.
 *
 * <p>A retry that spends the last attempt is applied as a dead letter, which its caller is not
 * told; it is recorded as given back, and the dead letter must then be redriven and handled before
 * the history is called drained.
 */
final class RecordingQueue extends ForwardingQueue {

  private final History history;

  RecordingQueue(MessageQueue inner, History history) {
    super(inner);
    this.history = history;
  }

  @Override
  public SendResult trySend(Message message, Duration delay, Deadline deadline)
      throws InterruptedException {
    long began = history.begin();
    Answer answer = Answer.UNKNOWN;
    try {
      SendResult result = super.trySend(message, delay, deadline);
      answer = answer(result);
      return result;
    } finally {
      note(began, message, answer);
    }
  }

  @Override
  public List<SendResult> sendAll(List<Message> messages, Deadline deadline)
      throws InterruptedException {
    long began = history.begin();
    List<SendResult> results = List.of();
    try {
      results = super.sendAll(messages, deadline);
      return results;
    } finally {
      for (int i = 0; i < messages.size(); i++) {
        note(began, messages.get(i), results.isEmpty() ? Answer.UNKNOWN : answer(results.get(i)));
      }
    }
  }

  private void note(long began, Message message, Answer answer) {
    history.add(began, span -> new Event.Send(span, message.id(), message.key(), answer));
  }

  private static Answer answer(SendResult result) {
    if (result instanceof SendResult.Accepted) {
      return Answer.CONFIRMED;
    }
    return result instanceof SendResult.Refused ? Answer.REFUSED : Answer.UNKNOWN;
  }

  @Override
  public List<Delivery> receive(int most, Deadline deadline) throws InterruptedException {
    long began = history.begin();
    List<Delivery> recorded = new ArrayList<>();
    for (Delivery delivery : inner().receive(most, deadline)) {
      history.add(
          began, span -> new Event.Deliver(span, delivery.message().id(), delivery.attempt()));
      recorded.add(new Recorded(delivery));
    }
    return recorded;
  }

  private final class Recorded extends ForwardingDelivery {

    Recorded(Delivery inner) {
      super(inner);
    }

    @Override
    public Settlement settle(Outcome outcome, Deadline deadline) throws InterruptedException {
      return noted(how(outcome), () -> inner().settle(outcome, deadline));
    }

    @Override
    public Settlement release(Deadline deadline) throws InterruptedException {
      return noted(Settled.BACK, () -> inner().release(deadline));
    }

    private static Settled how(Outcome outcome) {
      if (outcome instanceof Outcome.Done) {
        return Settled.DONE;
      }
      return outcome instanceof Outcome.Retry ? Settled.BACK : Settled.DEAD;
    }

    private Settlement noted(Settled applied, Settling settling) throws InterruptedException {
      long began = history.begin();
      Settled how = Settled.UNKNOWN;
      try {
        Settlement settlement = settling.run();
        how = settlement == Settlement.APPLIED ? applied : Settled.STALE;
        return settlement;
      } finally {
        Settled known = how;
        history.add(began, span -> new Event.Settle(span, message().id(), known));
      }
    }
  }

  private interface Settling {
    Settlement run() throws InterruptedException, BackendException;
  }
}
