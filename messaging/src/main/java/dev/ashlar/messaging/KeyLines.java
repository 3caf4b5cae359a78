package dev.ashlar.messaging;

import dev.ashlar.messaging.MemoryStore.Live;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/*
 * A message's number is its place in the line of its key. The head of a line may go, and only it; but not
 * past a dead letter:
 *
 *     place      4        5        6        7
 *              dead    parked   parked   parked          the key's dead letters: {4}
 *
 * A message is parked if a dead letter of its key has a smaller place than it. That is one rule and no
 * state: whether a key is dead is read from its dead letters. Redriving gives a message the same place
 * again, 4, before all that waited for it; discarding makes 5 the head.
 *
 * Between the two steps of setting a message aside, place 4 is dead and alive. Its own dead letter is not
 * before it, so it may go, be settled again, and be removed then.
 */

/** The lines of messages with a key, and the dead letters that hold them back. */
final class KeyLines {

  private final DeadKey deadKey;
  private final Map<String, TreeMap<Long, Live>> lines = new HashMap<>();
  private final Map<String, TreeSet<Long>> dead = new HashMap<>();

  KeyLines(DeadKey deadKey) {
    this.deadKey = deadKey;
  }

  boolean parks() {
    return deadKey instanceof DeadKey.Park;
  }

  /** Puts a message at its place; returns whether it is the one that may go. */
  boolean join(String key, Live live) {
    lines.computeIfAbsent(key, each -> new TreeMap<>()).put(live.number, live);
    return head(key).filter(head -> head == live).isPresent();
  }

  /** Takes a message out that was the head; returns the next one that may go. */
  Optional<Live> leave(String key, Live live) {
    TreeMap<Long, Live> line = lines.getOrDefault(key, new TreeMap<>());
    line.remove(live.number);
    if (line.isEmpty()) {
      lines.remove(key);
    }
    return head(key);
  }

  /** Notes a dead letter; what stands behind it is parked from now on. */
  void die(String key, Live live) {
    if (parks()) {
      dead.computeIfAbsent(key, each -> new TreeSet<>()).add(live.number);
    }
  }

  /** Forgets a dead letter; returns the message that may go because of that. */
  Optional<Live> rest(String key, Live live) {
    boolean wentAlready = head(key).isPresent();
    TreeSet<Long> places = dead.getOrDefault(key, new TreeSet<>());
    places.remove(live.number);
    if (places.isEmpty()) {
      dead.remove(key);
    }
    return wentAlready ? Optional.empty() : head(key);
  }

  private Optional<Live> head(String key) {
    TreeMap<Long, Live> line = lines.get(key);
    if (line == null) {
      return Optional.empty();
    }
    TreeSet<Long> places = dead.get(key);
    boolean parked = places != null && places.first() < line.firstKey();
    return parked ? Optional.empty() : Optional.of(line.firstEntry().getValue());
  }

  boolean isFull(String key) {
    return deadKey instanceof DeadKey.Park park
        && dead.containsKey(key)
        && parked(key) >= park.parkedMax();
  }

  int parked() {
    return dead.keySet().stream().mapToInt(this::parked).sum();
  }

  private int parked(String key) {
    TreeMap<Long, Live> line = lines.get(key);
    TreeSet<Long> places = dead.get(key);
    return line == null || places == null ? 0 : line.tailMap(places.first(), false).size();
  }
}
