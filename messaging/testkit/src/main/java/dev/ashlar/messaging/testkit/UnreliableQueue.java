package dev.ashlar.messaging.testkit;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.SendResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A queue behind a network that a test can take away, slow down, or make swallow answers. */
final class UnreliableQueue extends ForwardingQueue {

  private static final long BLOCKED_SECONDS_MAX = 30;

  private final Set<MessageId> refused = ConcurrentHashMap.newKeySet();
  private final List<Message> arrived = new ArrayList<>();
  private final CountDownLatch blocked = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile Mode mode = Mode.UP;

  UnreliableQueue(MessageQueue inner) {
    super(inner);
  }

  /** How the network behaves. */
  enum Mode {
    /** Requests and answers arrive. */
    UP,
    /** Nothing arrives, and the sender is not told. */
    DOWN,
    /** Requests arrive, answers do not. */
    LOSING_ANSWERS,
    /** Requests wait until they are let go. */
    BLOCKING,
    /** Requests and answers arrive, late. */
    SLOW
  }

  UnreliableQueue set(Mode changed) {
    mode = changed;
    return this;
  }

  /** From now on the queue refuses a message for good. */
  void refuse(MessageId id) {
    refused.add(id);
  }

  /** Returns what has arrived, in order. */
  List<Message> arrived() {
    synchronized (arrived) {
      return List.copyOf(arrived);
    }
  }

  boolean isBlocked() {
    return blocked.getCount() == 0;
  }

  void release() {
    mode = Mode.UP;
    released.countDown();
  }

  @Override
  public SendResult trySend(Message message, Duration delay, Deadline deadline)
      throws InterruptedException {
    Mode now = arrive();
    return now == Mode.DOWN ? unknown() : answered(now, sendOne(message, delay, deadline));
  }

  @Override
  public List<SendResult> sendAll(List<Message> messages, Deadline deadline)
      throws InterruptedException {
    Mode now = arrive();
    List<SendResult> results = new ArrayList<>();
    Set<String> brokenKeys = new HashSet<>();
    for (Message message : messages) {
      boolean behind = message.key().filter(brokenKeys::contains).isPresent();
      SendResult result =
          now == Mode.DOWN || behind ? unknown() : sendOne(message, Duration.ZERO, deadline);
      if (!(result instanceof SendResult.Accepted)) {
        message.key().ifPresent(brokenKeys::add);
      }
      results.add(answered(now, result));
    }
    return results;
  }

  private SendResult sendOne(Message message, Duration delay, Deadline deadline)
      throws InterruptedException {
    if (refused.contains(message.id())) {
      return new SendResult.Refused(new Advice.Permanent(), "message: refused by the test");
    }
    SendResult result = inner().trySend(message, delay, deadline);
    if (result instanceof SendResult.Accepted) {
      synchronized (arrived) {
        arrived.add(message);
      }
    }
    return result;
  }

  private static SendResult answered(Mode now, SendResult result) {
    return now == Mode.LOSING_ANSWERS ? unknown() : result;
  }

  /** Waits as long as the network makes a request wait, and returns how it was on arrival. */
  private Mode arrive() throws InterruptedException {
    if (mode == Mode.BLOCKING) {
      blocked.countDown();
      if (!released.await(BLOCKED_SECONDS_MAX, TimeUnit.SECONDS)) {
        throw new AssertionError("blocked: not released within " + BLOCKED_SECONDS_MAX + " s");
      }
    } else if (mode == Mode.SLOW) {
      TimeSource.system().sleep(Duration.ofMillis(10));
    }
    return mode;
  }

  private static SendResult unknown() {
    return new SendResult.Unknown(
        new BackendException(
            "queue: no answer within the deadline", Effect.UNKNOWN, new Advice.Transient(), null));
  }
}
