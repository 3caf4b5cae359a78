package dev.ashlar.messaging.testkit.topic;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.testkit.ForwardingQueue;
import java.util.List;

/** A queue whose answers, or which itself, a test can take away from senders. */
final class SwitchedQueue extends ForwardingQueue {

  private volatile Mode mode = Mode.UP;

  SwitchedQueue(MessageQueue inner) {
    super(inner);
  }

  /** What reaches whom. */
  enum Mode {
    /** Messages and answers arrive. */
    UP,
    /** Nothing arrives, and the sender is not told. */
    DOWN,
    /** Messages arrive, answers do not. */
    LOSING_ANSWERS,
    /** The sender is told that the handle is closed. */
    CLOSED
  }

  void set(Mode changed) {
    mode = changed;
  }

  @Override
  public List<SendResult> sendAll(List<Message> messages, Deadline deadline)
      throws InterruptedException {
    Mode now = mode;
    if (now == Mode.CLOSED) {
      throw new IllegalStateException("queue: closed (expected: open)");
    }
    if (now == Mode.DOWN) {
      return messages.stream().map(message -> unknown()).toList();
    }
    List<SendResult> results = super.sendAll(messages, deadline);
    return now == Mode.UP ? results : messages.stream().map(message -> unknown()).toList();
  }

  private static SendResult unknown() {
    return new SendResult.Unknown(
        new BackendException(
            "queue: no answer within the deadline", Effect.UNKNOWN, new Advice.Transient(), null));
  }
}
