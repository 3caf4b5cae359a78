package dev.ashlar.messaging.outbox;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Guarantees;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A queue that only takes, and answers as the test says for each message id. */
final class ScriptedQueue implements MessageQueue {

  final List<List<String>> exchanges = new ArrayList<>();
  final Map<String, SendResult> answers = new HashMap<>();
  boolean away;

  static SendResult refused(Advice advice) {
    return new SendResult.Refused(advice, "as the test says");
  }

  @Override
  public List<SendResult> sendAll(List<Message> messages, Deadline deadline) {
    exchanges.add(messages.stream().map(message -> message.id().value()).toList());
    if (away) {
      throw new BackendException("away", Effect.UNKNOWN, new Advice.Transient(), null);
    }
    return messages.stream()
        .map(each -> answers.getOrDefault(each.id().value(), new SendResult.Accepted()))
        .toList();
  }

  @Override
  public String name() {
    return "scripted";
  }

  @Override
  public QueueOptions options() {
    return QueueOptions.capacity(1000);
  }

  @Override
  public Guarantees guarantees() {
    throw new AssertionError("a relay does not ask for guarantees");
  }

  @Override
  public SendResult trySend(Message message, Duration delay, Deadline deadline) {
    throw new AssertionError("a relay sends by sendAll");
  }

  @Override
  public List<Delivery> receive(int most, Deadline deadline) {
    throw new AssertionError("a relay does not receive");
  }

  @Override
  public DeadLetters deadLetters() {
    throw new AssertionError("a relay has no dead letters");
  }

  @Override
  public Depth depth(Deadline deadline) {
    throw new AssertionError("a relay does not ask for the depth");
  }

  @Override
  public void close() {}
}
