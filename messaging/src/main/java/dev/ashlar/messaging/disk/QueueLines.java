package dev.ashlar.messaging.disk;

import dev.ashlar.messaging.DeadKey;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The lines of messages with a key, and the dead letters that hold them back; by the rule of the
 * queue in memory: only the head of a line may go, and not past a dead letter with a smaller
 * number.
 */
final class QueueLines {

  private final DeadKey deadKey;
  private final Map<String, TreeMap<Long, QueueLive>> lines = new HashMap<>();
  private final Map<String, TreeSet<Long>> dead = new HashMap<>();

  QueueLines(DeadKey deadKey) {
    this.deadKey = deadKey;
  }

  boolean parks() {
    return deadKey instanceof DeadKey.Park;
  }

  /** Puts a message at its place; returns whether it is the one that may go. */
  boolean join(String key, QueueLive live) {
    lines.computeIfAbsent(key, each -> new TreeMap<>()).put(live.seq, live);
    return head(key) == live;
  }

  /** Takes a message out of its line; returns the next one that may go. */
  @Nullable QueueLive leave(String key, QueueLive live) {
    TreeMap<Long, QueueLive> line = lines.get(key);
    if (line != null) {
      line.remove(live.seq);
      if (line.isEmpty()) {
        lines.remove(key);
      }
    }
    return head(key);
  }

  /** Notes a dead letter; what stands behind it is parked from now on. */
  void die(String key, QueueLive live) {
    if (parks()) {
      dead.computeIfAbsent(key, each -> new TreeSet<>()).add(live.seq);
    }
  }

  /** Forgets a dead letter; returns the message that may go because of that. */
  @Nullable QueueLive rest(String key, QueueLive live) {
    boolean wentAlready = head(key) != null;
    TreeSet<Long> places = dead.get(key);
    if (places != null) {
      places.remove(live.seq);
      if (places.isEmpty()) {
        dead.remove(key);
      }
    }
    return wentAlready ? null : head(key);
  }

  private @Nullable QueueLive head(String key) {
    TreeMap<Long, QueueLive> line = lines.get(key);
    if (line == null) {
      return null;
    }
    TreeSet<Long> places = dead.get(key);
    boolean parked = places != null && places.first() < line.firstKey();
    return parked ? null : line.firstEntry().getValue();
  }

  boolean isDead(String key) {
    return dead.containsKey(key);
  }

  boolean hasDead() {
    return !dead.isEmpty();
  }

  boolean isFull(String key) {
    return deadKey instanceof DeadKey.Park park
        && dead.containsKey(key)
        && parked(key) >= park.parkedMax();
  }

  long parked() {
    return dead.keySet().stream().mapToLong(this::parked).sum();
  }

  private int parked(String key) {
    TreeMap<Long, QueueLive> line = lines.get(key);
    TreeSet<Long> places = dead.get(key);
    return line == null || places == null ? 0 : line.tailMap(places.first(), false).size();
  }
}
