package dev.ashlar.messaging.log;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.log.OwnedPartition.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * One round of the attending thread:
 *
 *   attend   learn what is owned; what is lost is dropped, what is asked back starts nothing more
 *   read     as much as there is room for, of what is hungry
 *   commit   the contiguous prefix of each; finish what has ended, release what has been asked back
 *
 * The log is never called with the lock held, or handlers would wait for it.
 */

/** What a consumer does with its group, beside handling. */
final class Attending {

  private final GroupMember member;
  private final LogConsumerOptions options;
  private final TimeSource time;
  private final Observer observer;
  private final Lanes lanes;
  private final ReentrantLock lock;
  private final Condition changed;
  private final Map<Key, Held> held = new LinkedHashMap<>();

  Attending(
      GroupMember member,
      LogConsumerOptions options,
      Lanes lanes,
      ReentrantLock lock,
      Condition changed) {
    this.member = member;
    this.options = options;
    this.time = options.handling().receiver().time();
    this.observer = options.handling().receiver().observer();
    this.lanes = lanes;
    this.lock = lock;
    this.changed = changed;
  }

  /** Does one round, which takes no longer than commits may be apart. */
  void round(boolean running) throws InterruptedException {
    if (!running) {
      dropUnstarted();
    }
    boolean room = awaitWork(running) && running;
    Set<String> hungry = room ? lockedHungry() : Set.of();
    adopt(member.attend(hungry, Deadline.after(room ? patience() : Duration.ZERO, time)));
    if (room) {
      read();
    }
    settle();
  }

  private Duration patience() {
    Duration quarter = member.term().dividedBy(4);
    return options.commitEvery().compareTo(quarter) < 0 ? options.commitEvery() : quarter;
  }

  /**
   * Waits for room, or, at the end, for a handler to end; but not so long that the member would
   * seem dead or commits be late.
   *
   * @return whether there is room
   */
  private boolean awaitWork(boolean running) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (!running || roomLeft() <= 0) {
        time.await(changed, Deadline.after(patience(), time));
      }
      return roomLeft() > 0;
    } finally {
      lock.unlock();
    }
  }

  private int roomLeft() {
    return options.handling().inFlightMax() - lanes.size();
  }

  private Set<String> lockedHungry() {
    return locked(
        () -> {
          Set<String> hungry = new HashSet<>();
          for (Held each : held.values()) {
            if (each.isHungry()) {
              hungry.add(each.owned.partition());
            }
          }
          return hungry;
        });
  }

  private <T> T locked(Supplier<T> body) {
    lock.lock();
    try {
      T result = body.get();
      changed.signalAll();
      return result;
    } finally {
      lock.unlock();
    }
  }

  private void adopt(List<OwnedPartition> now) {
    Map<Key, OwnedPartition> byKey = new LinkedHashMap<>();
    now.forEach(each -> byKey.put(Key.of(each), each));
    List<Key> gone = new ArrayList<>();
    List<Key> gained = new ArrayList<>();
    locked(
        () -> {
          held.keySet().stream().filter(key -> !byKey.containsKey(key)).forEach(gone::add);
          gone.forEach(key -> lose(held.remove(key)));
          byKey.forEach(
              (key, owned) -> {
                if (held.putIfAbsent(key, new Held(owned)) == null) {
                  gained.add(key);
                }
              });
          return closeAskedFor(byKey);
        });
    gone.forEach(key -> options.listener().lost(key.partition(), key.epoch()));
    gained.forEach(key -> options.listener().gained(key.partition(), key.epoch()));
    gone.forEach(key -> observer.count("logconsumer.partition.lost", 1));
  }

  private int closeAskedFor(Map<Key, OwnedPartition> byKey) {
    int asked = 0;
    for (Map.Entry<Key, OwnedPartition> each : byKey.entrySet()) {
      Held mine = held.get(each.getKey());
      if (mine != null && each.getValue().standing() == Standing.ASKED_BACK) {
        mine.closing();
        lanes.drop(mine);
        asked++;
      }
    }
    return asked;
  }

  private void lose(@Nullable Held gone) {
    if (gone != null) {
      gone.lose();
      lanes.drop(gone);
    }
  }

  private void read() throws InterruptedException {
    List<Held> hungry = locked(() -> held.values().stream().filter(Held::isHungry).toList());
    for (Held each : hungry) {
      int share = locked(() -> Math.min(EventLog.BATCH_MAX, roomLeft()));
      if (share > 0) {
        // Each gets its part of the room, or one that never ends would starve the others.
        int most = Math.max(1, share / hungry.size());
        took(each, each.owned.read(most, Deadline.after(Duration.ZERO, time)));
      }
    }
  }

  private void took(Held from, ReadResult result) throws InterruptedException {
    if (result instanceof ReadResult.PositionLost lost) {
      missed(from, lost);
      return;
    }
    locked(
        () -> {
          if (result instanceof ReadResult.Records read) {
            for (LogRecord each : read.records()) {
              from.tracker.started(each.position());
              lanes.add(new Work(from, each));
            }
          } else if (result instanceof ReadResult.Ended) {
            from.end();
          } else {
            lose(from);
          }
          return from;
        });
  }

  private void missed(Held from, ReadResult.PositionLost lost) throws InterruptedException {
    observer.count("logconsumer.position.lost", 1);
    if (options.whenLost() == LogConsumerOptions.WhenLost.GO_ON_WITH_EARLIEST) {
      from.owned.seek(StartAt.beginning(), Deadline.after(patience(), time));
      return;
    }
    locked(
        () -> {
          from.stop(
              "position lost: behind "
                  + lost.last().map(Position::toString).orElse("the beginning")
                  + ", earliest is "
                  + lost.earliest().map(Position::toString).orElse("none"));
          return from;
        });
  }

  /** Commits what can be, and gives back what is finished or asked for. */
  private void settle() throws InterruptedException {
    for (Held each : locked(() -> List.copyOf(held.values()))) {
      Deadline deadline = Deadline.after(member.term(), time);
      commit(each, deadline);
      if (locked(() -> each.isFinishable())) {
        finish(each, deadline);
      } else if (locked(() -> each.isClosing() && !lanes.isRunning(each))) {
        each.owned.release(deadline);
      }
    }
  }

  private void commit(Held each, Deadline deadline) throws InterruptedException {
    Optional<Position> position = locked(each::toCommit);
    if (position.isEmpty()) {
      return;
    }
    observer.step("logconsumer.committing");
    CommitResult result = each.owned.commit(position.get(), deadline);
    observer.step("logconsumer.committed");
    locked(
        () -> {
          if (result instanceof CommitResult.Committed) {
            each.committed(position.get());
          } else {
            observer.count("logconsumer.commit.lost", 1);
            lose(each);
          }
          return each;
        });
  }

  private void finish(Held each, Deadline deadline) throws InterruptedException {
    CommitResult result = each.owned.finish(deadline);
    if (result instanceof CommitResult.Lost) {
      observer.count("logconsumer.commit.lost", 1);
    }
    locked(
        () -> {
          lose(each);
          return each;
        });
  }

  /** Forgets what no handler has begun with, however late it was read. */
  void dropUnstarted() {
    locked(
        () -> {
          held.values().forEach(lanes::drop);
          return held;
        });
  }

  /** Commits for the last time, and leaves. */
  void leave() throws InterruptedException {
    try {
      for (Held each : locked(() -> List.copyOf(held.values()))) {
        commit(each, Deadline.after(member.term(), time));
      }
    } catch (BackendException e) {
      // What is not committed comes again elsewhere, as after a crash.
      observer.count("logconsumer.backend.failed", 1);
    }
    List<Key> gone = locked(() -> List.copyOf(held.keySet()));
    locked(
        () -> {
          held.values().forEach(this::lose);
          held.clear();
          return gone;
        });
    member.close();
    gone.forEach(key -> options.listener().lost(key.partition(), key.epoch()));
  }

  /** With the lock held. */
  Map<String, Long> owned() {
    Map<String, Long> owned = new TreeMap<>();
    held.values().stream()
        .filter(each -> !each.isLost())
        .forEach(each -> owned.put(each.owned.partition(), each.owned.epoch()));
    return owned;
  }

  /** With the lock held. */
  Map<String, String> stopped() {
    Map<String, String> stopped = new TreeMap<>();
    held.values()
        .forEach(each -> each.stopped().ifPresent(why -> stopped.put(each.owned.partition(), why)));
    return stopped;
  }

  /** An ownership, by what tells it from others. */
  private record Key(String partition, long epoch) {

    static Key of(OwnedPartition owned) {
      return new Key(owned.partition(), owned.epoch());
    }
  }
}
