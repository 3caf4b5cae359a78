package dev.ashlar.messaging.jdbc;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.SendResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One call that sends: which messages may go, as many at a time as there is room for, and what
 * became of each.
 *
 * <p><b>Threads.</b> One thread only.
 */
final class Sending {

  private final JdbcQueue queue;
  private final List<Message> messages;
  private final Duration delay;
  private final SendResult[] results;

  Sending(JdbcQueue queue, List<Message> messages, Duration delay) {
    this.queue = queue;
    this.messages = messages;
    this.delay = delay;
    results = new SendResult[messages.size()];
  }

  List<SendResult> run(Deadline deadline) throws InterruptedException {
    Deadline asking = queue.asking(deadline);
    List<Integer> allowed = unparked(allowed(), asking);
    int next = 0;
    while (next < allowed.size()) {
      List<Integer> rest = allowed.subList(next, allowed.size());
      int stored = sendSome(rest, deadline, asking);
      if (stored == 0) {
        break;
      }
      next += stored;
    }
    return Arrays.asList(results);
  }

  /** Behind a message that is refused for itself, none of its key may go. */
  private List<Integer> allowed() {
    List<Integer> allowed = new ArrayList<>();
    Set<String> stopped = new HashSet<>();
    int max = queue.options().payloadMaxBytes();
    for (int i = 0; i < messages.size(); i++) {
      Message message = messages.get(i);
      int size = message.payload().size();
      if (size > max) {
        results[i] =
            new SendResult.Refused(
                new Advice.Permanent(),
                "payload: " + size + " bytes (expected: at most " + max + ")");
        message.key().ifPresent(stopped::add);
      } else if (message.key().filter(stopped::contains).isPresent()) {
        results[i] =
            new SendResult.Refused(
                new Advice.Transient(), "message: behind a refused one of its key");
      } else {
        allowed.add(i);
      }
    }
    return allowed;
  }

  /** A dead key takes as many as it may have parked, the first ones. */
  private List<Integer> unparked(List<Integer> asked, Deadline deadline)
      throws InterruptedException {
    List<String> keys =
        asked.stream().flatMap(i -> messages.get(i).key().stream()).distinct().toList();
    Map<String, Long> room;
    try {
      room = queue.parkRoom(keys, deadline);
    } catch (BackendException e) {
      // Looking has changed nothing, whatever became of it.
      answer(asked, new SendResult.Refused(e.advice(), String.valueOf(e.getMessage())));
      return List.of();
    }
    List<Integer> allowed = new ArrayList<>();
    for (int i : asked) {
      String key = messages.get(i).key().orElse("");
      Long left = room.computeIfPresent(key, (dead, free) -> free - 1);
      if (left == null || left >= 0) {
        allowed.add(i);
      } else {
        queue.countParkFull();
        results[i] = parkFull();
      }
    }
    return allowed;
  }

  /** Refused at once: only a person ends it, and nobody waits that long in a call. */
  private SendResult parkFull() {
    return new SendResult.Refused(
        new Advice.Overloaded(queue.poll()),
        "queue "
            + queue.name()
            + ": key is dead (expected: fewer parked, see "
            + queue.options().deadKey()
            + ")");
  }

  /**
   * Stores as many as there is room for, from the first on.
   *
   * @return how many were stored; zero if the rest was answered otherwise
   */
  private int sendSome(List<Integer> rest, Deadline deadline, Deadline asking)
      throws InterruptedException {
    int fitting;
    try {
      fitting = queue.roomFor(rest.size(), deadline, asking);
    } catch (BackendException e) {
      // Counting has changed nothing, whatever became of it.
      answer(rest, new SendResult.Refused(e.advice(), String.valueOf(e.getMessage())));
      return 0;
    }
    if (fitting == 0) {
      answer(rest, full());
      return 0;
    }
    List<Integer> some = rest.subList(0, fitting);
    try {
      queue.store(some.stream().map(messages::get).toList(), delay, asking);
    } catch (BackendException e) {
      fail(some, rest.subList(fitting, rest.size()), e);
      return 0;
    }
    answer(some, new SendResult.Accepted());
    return fitting;
  }

  private SendResult full() {
    return new SendResult.Refused(
        new Advice.Overloaded(queue.poll()),
        "queue " + queue.name() + ": full (expected: below " + queue.options().capacity() + ")");
  }

  private void fail(List<Integer> tried, List<Integer> untried, BackendException e) {
    SendResult refused = new SendResult.Refused(e.advice(), String.valueOf(e.getMessage()));
    answer(tried, e.effect() == Effect.NONE ? refused : new SendResult.Unknown(e));
    answer(untried, refused);
  }

  private void answer(List<Integer> indexes, SendResult result) {
    for (int i : indexes) {
      results[i] = result;
    }
  }
}
