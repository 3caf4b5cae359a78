package dev.ashlar.messaging.testkit;

import dev.ashlar.core.Advice;
import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.SendResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A queue that does something else than send what it was given. */
final class ChangedSends extends ForwardingQueue {

  private final Change change;

  ChangedSends(MessageQueue inner, Change change) {
    super(inner);
    this.change = change;
  }

  @Override
  public SendResult trySend(Message message, Duration delay, Deadline deadline)
      throws InterruptedException {
    return change.send(inner(), new Sending(message, delay, deadline));
  }

  @Override
  public List<SendResult> sendAll(List<Message> messages, Deadline deadline)
      throws InterruptedException {
    List<SendResult> results = new ArrayList<>();
    Set<String> brokenKeys = new HashSet<>();
    for (Message message : messages) {
      boolean behind = message.key().filter(brokenKeys::contains).isPresent();
      SendResult result =
          behind
              ? new SendResult.Refused(new Advice.Transient(), "behind one that was not accepted")
              : trySend(message, Duration.ZERO, deadline);
      if (!(result instanceof SendResult.Accepted)) {
        message.key().ifPresent(brokenKeys::add);
      }
      results.add(result);
    }
    return results;
  }

  /** What was asked. */
  record Sending(Message message, Duration delay, Deadline deadline) {

    SendResult to(MessageQueue queue) throws InterruptedException {
      return queue.trySend(message, delay, deadline);
    }

    Sending with(Message changed) {
      return new Sending(changed, delay, deadline);
    }
  }

  /** What is done in place of a send. */
  @FunctionalInterface
  interface Change {
    SendResult send(MessageQueue queue, Sending sending) throws InterruptedException;
  }
}
