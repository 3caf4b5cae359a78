package dev.ashlar.messaging.topic;

import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.OwnedPartition;
import dev.ashlar.messaging.log.Position;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/*
 * The window of one member: what it has read of its partitions and not committed.
 *
 *     committed | ended   in flight   ended   dead   waiting   waiting | not read
 *               +------------------------------------------------------+
 *                 the first that is not ended holds back the commit
 *
 * A record is handed out if it is due and no earlier one of its key is unfinished. A dead one is out
 * of the way of its key, and keeps its room: what is dead has not been committed, and comes again in
 * another process until somebody redrives or discards it. What is ended behind it keeps its room as
 * well. So one dead letter that nobody cares for stops the reading, a window later.
 */
/** What a member of a subscription holds of a log; a state machine, under its owner's lock. */
final class LogWindow {

  private final int size;
  private final int attemptsMax;
  private final long visibilityNanos;
  private final Map<String, Part> parts = new LinkedHashMap<>();

  LogWindow(int size, int attemptsMax, long visibilityNanos) {
    this.size = size;
    this.attemptsMax = attemptsMax;
    this.visibilityNanos = visibilityNanos;
  }

  /** One partition in one epoch. */
  private static final class Part {
    private final OwnedPartition owned;
    private final List<LogItem> items = new ArrayList<>();
    private boolean hasEnded;

    /** Up to where all is handled, if the log is not known to know. */
    private Optional<Position> unconfirmed = Optional.empty();

    private boolean commitsAgain;

    Part(OwnedPartition owned) {
      this.owned = owned;
    }
  }

  /** Takes what is owned now for all that is owned, and drops what was read of the rest. */
  void adopt(List<OwnedPartition> owned) {
    Map<String, OwnedPartition> now = new LinkedHashMap<>();
    owned.forEach(each -> now.put(each.partition(), each));
    parts
        .values()
        .removeIf(
            part -> {
              OwnedPartition same = now.get(part.owned.partition());
              return same == null || same.epoch() != part.owned.epoch();
            });
    owned.forEach(each -> parts.computeIfAbsent(each.partition(), key -> new Part(each)));
  }

  /**
   * Drops what was begun by nobody, of partitions that others shall have; returns the idle ones,
   * which are those without a delivery or a commit under way.
   */
  List<OwnedPartition> giveBack() {
    List<OwnedPartition> idle = new ArrayList<>();
    for (Part part : List.copyOf(parts.values())) {
      if (part.owned.standing() == OwnedPartition.Standing.ASKED_BACK
          && part.unconfirmed.isEmpty()
          && part.items.stream().noneMatch(item -> item.state == LogItem.State.IN_FLIGHT)) {
        idle.add(part.owned);
        parts.remove(part.owned.partition());
      }
    }
    return idle;
  }

  /** Returns the partitions of which more can be read, if there is room for more. */
  List<OwnedPartition> hungry() {
    return room() == 0
        ? List.of()
        : parts.values().stream()
            .filter(part -> !part.hasEnded)
            .map(part -> part.owned)
            .filter(owned -> owned.standing() == OwnedPartition.Standing.OWNED)
            .toList();
  }

  int room() {
    return Math.max(0, size - (int) items().count());
  }

  private Stream<LogItem> items() {
    return parts.values().stream().flatMap(part -> part.items.stream());
  }

  /** Takes in what was read; of a partition that is lost meanwhile, nothing. */
  void add(OwnedPartition owned, List<LogRecord> records, long nowNanos) {
    Part part = parts.get(owned.partition());
    if (part != null && part.owned.epoch() == owned.epoch()) {
      records.forEach(each -> part.items.add(new LogItem(part.owned, each, nowNanos)));
    }
  }

  /** Hands out what is due, in order within each key; the partitions take turns in being first. */
  List<LogItem> take(int most, long nowNanos) {
    List<LogItem> taken = new ArrayList<>();
    if (!parts.isEmpty()) {
      Part first = parts.values().iterator().next();
      parts.remove(first.owned.partition());
      parts.put(first.owned.partition(), first);
    }
    for (Part part : parts.values()) {
      if (part.owned.standing() == OwnedPartition.Standing.OWNED) {
        take(part, most - taken.size(), nowNanos, taken);
      }
    }
    return taken;
  }

  private void take(Part part, int most, long nowNanos, List<LogItem> taken) {
    Set<String> busy = new HashSet<>();
    int left = most;
    for (LogItem item : part.items) {
      expire(item, nowNanos);
      boolean first = item.isUnfinished() && item.entry.message().key().map(busy::add).orElse(true);
      if (left > 0
          && first
          && item.state == LogItem.State.WAITING
          && item.untilNanos - nowNanos <= 0) {
        item.state = LogItem.State.IN_FLIGHT;
        item.untilNanos = nowNanos + visibilityNanos;
        item.attempt++;
        item.deliveries++;
        taken.add(item);
        left--;
      }
    }
  }

  /** A delivery that was not settled in time failed. */
  private void expire(LogItem item, long nowNanos) {
    if (item.state == LogItem.State.IN_FLIGHT && item.untilNanos - nowNanos <= 0) {
      item.state =
          item.attempt - item.attemptsBefore >= attemptsMax
              ? LogItem.State.DEAD
              : LogItem.State.WAITING;
      item.cause = item.state == LogItem.State.DEAD ? "not settled in time" : item.cause;
    }
  }

  /** Returns whether a delivery of an item still owns it. */
  boolean isOwned(LogItem item, int delivery, long nowNanos) {
    Part part = parts.get(item.owned.partition());
    return part != null
        && part.owned == item.owned
        && item.state == LogItem.State.IN_FLIGHT
        && item.deliveries == delivery
        && item.untilNanos - nowNanos > 0
        && item.owned.standing() != OwnedPartition.Standing.LOST;
  }

  void renew(LogItem item, long nowNanos) {
    item.untilNanos = nowNanos + visibilityNanos;
  }

  /** It is due again, or dead if its attempts are spent. */
  void retry(LogItem item, long atNanos) {
    item.state =
        item.attempt - item.attemptsBefore >= attemptsMax
            ? LogItem.State.DEAD
            : LogItem.State.WAITING;
    item.untilNanos = atNanos;
  }

  /** It was not begun with. */
  void release(LogItem item, long nowNanos) {
    item.state = LogItem.State.WAITING;
    item.attempt--;
    item.untilNanos = nowNanos;
  }

  /** Ends an item, and returns what may be committed now, if that is more than before. */
  Optional<Position> end(LogItem item) {
    item.state = LogItem.State.ENDED;
    Part part = parts.get(item.owned.partition());
    Optional<Position> last = Optional.empty();
    if (part != null) {
      Iterator<LogItem> items = part.items.iterator();
      while (items.hasNext()) {
        LogItem first = items.next();
        if (first.state != LogItem.State.ENDED) {
          break;
        }
        last = Optional.of(first.entry.position());
        items.remove();
      }
      part.unconfirmed = last.or(() -> part.unconfirmed);
    }
    return last;
  }

  /** A commit was answered, or it was not and has to be made again. */
  void answered(OwnedPartition owned, Position position, boolean known) {
    Part part = parts.get(owned.partition());
    boolean latest =
        part != null && part.owned == owned && part.unconfirmed.equals(Optional.of(position));
    if (part != null && latest) {
      part.commitsAgain = !known;
      part.unconfirmed = known ? Optional.empty() : part.unconfirmed;
    }
  }

  /** Returns the commits that have to be made again. */
  Map<OwnedPartition, Position> commitsAgain() {
    Map<OwnedPartition, Position> again = new LinkedHashMap<>();
    for (Part part : parts.values()) {
      if (part.commitsAgain) {
        part.unconfirmed.ifPresent(position -> again.put(part.owned, position));
      }
    }
    return again;
  }

  long count(LogItem.State state) {
    return items().filter(item -> item.state == state).count();
  }

  List<LogItem> dead(Predicate<Message> which) {
    return items()
        .filter(item -> item.state == LogItem.State.DEAD && which.test(item.entry.message()))
        .toList();
  }

  /** Returns when something here can be handed out next, if anything can. */
  Optional<Long> nextNanos() {
    Optional<Long> next = Optional.empty();
    for (Part part : parts.values()) {
      Set<String> busy = new HashSet<>();
      boolean goesOn = part.owned.standing() == OwnedPartition.Standing.OWNED;
      for (LogItem item : goesOn ? part.items : List.<LogItem>of()) {
        boolean first =
            item.isUnfinished() && item.entry.message().key().map(busy::add).orElse(true);
        if (first && next.map(known -> item.untilNanos - known < 0).orElse(true)) {
          next = Optional.of(item.untilNanos);
        }
      }
    }
    return next;
  }

  /** Nothing more comes of a partition. */
  void endReading(OwnedPartition owned) {
    Part part = parts.get(owned.partition());
    if (part != null && part.owned.epoch() == owned.epoch()) {
      part.hasEnded = true;
    }
  }

  /** Returns the partitions that have ended and of which all is handled. */
  List<OwnedPartition> finished() {
    return parts.values().stream()
        .filter(part -> part.hasEnded && part.items.isEmpty())
        .map(part -> part.owned)
        .toList();
  }
}
