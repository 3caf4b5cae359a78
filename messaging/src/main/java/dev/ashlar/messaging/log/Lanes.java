package dev.ashlar.messaging.log;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;

/*
 * Keys in parallel, each in order. Of a lane only the head is READY, RUNNING or WAITING for another
 * attempt; whatever else came of its key stands behind it. A record that waits for its retry holds up
 * its own key and nobody else's.
 */

/** What a consumer has read and not finished; a state machine that is told the time. */
final class Lanes {

  private final Map<Work.Lane, ArrayDeque<Work>> lanes = new HashMap<>();
  private final ArrayDeque<Work> ready = new ArrayDeque<>();
  private final PriorityQueue<Work> waiting =
      new PriorityQueue<>(
          Comparator.comparing(work -> work.dueNanos, (a, b) -> Long.compare(a - b, 0)));
  private int size;

  void add(Work work) {
    ArrayDeque<Work> lane = lanes.computeIfAbsent(work.lane(), key -> new ArrayDeque<>());
    lane.addLast(work);
    size++;
    if (lane.size() == 1) {
      ready.addLast(work);
    }
  }

  /** Takes what is to be handled next, if anything is due. */
  Optional<Work> take(long nowNanos) {
    while (!waiting.isEmpty() && waiting.peek().dueNanos - nowNanos <= 0) {
      ready.addLast(waiting.poll());
    }
    Work next = ready.pollFirst();
    if (next == null) {
      return Optional.empty();
    }
    next.running = true;
    return Optional.of(next);
  }

  /** Returns when something is due again that waits now, if anything does. */
  OptionalLong nextDueNanos() {
    return waiting.isEmpty() ? OptionalLong.empty() : OptionalLong.of(waiting.peek().dueNanos);
  }

  /** What was taken has ended; the next one of its key moves up. */
  void ended(Work work) {
    work.running = false;
    ArrayDeque<Work> lane = lanes.getOrDefault(work.lane(), new ArrayDeque<>());
    lane.removeFirst();
    size--;
    if (lane.isEmpty()) {
      lanes.remove(work.lane());
    } else {
      ready.addLast(lane.getFirst());
    }
  }

  /** What was taken is to be taken again, at its due moment. */
  void again(Work work) {
    work.running = false;
    waiting.add(work);
  }

  /** Forgets what was read of a partition and is not running. */
  void drop(Held held) {
    ready.removeIf(work -> work.held == held);
    waiting.removeIf(work -> work.held == held);
    for (ArrayDeque<Work> lane : lanes.values()) {
      int before = lane.size();
      lane.removeIf(work -> work.held == held && !work.running);
      size -= before - lane.size();
    }
    lanes.values().removeIf(ArrayDeque::isEmpty);
  }

  /** Returns whether a handler runs with a record of a partition. */
  boolean isRunning(Held held) {
    return lanes.values().stream()
        .anyMatch(lane -> lane.getFirst().held == held && lane.getFirst().running);
  }

  /** Returns how many records are here: waiting, ready, running or behind one of their key. */
  int size() {
    return size;
  }
}
