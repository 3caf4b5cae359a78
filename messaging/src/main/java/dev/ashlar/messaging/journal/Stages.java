package dev.ashlar.messaging.journal;

import dev.ashlar.core.Effect;
import dev.ashlar.core.TimeSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stage that is filling and the one that is written or idle, and how the records in them are
 * numbered. All of it is used with the lock of {@link GroupCommit} held, but for what says
 * otherwise.
 */
final class Stages {

  private final Gate odd;
  private final Gate even;
  private Stage filling;
  private Stage idle;
  private long next;
  private volatile long acknowledged;

  Stages(DiskOptions options, TimeSource time) {
    odd = new Gate(time);
    even = new Gate(time);
    filling = new Stage(options, odd);
    idle = new Stage(options, even);
  }

  void startAt(long number) {
    next = number;
    acknowledged = number;
  }

  /** The number that the next acknowledged record gets; without the lock too. */
  long acknowledged() {
    return acknowledged;
  }

  boolean hasRoomFor(long bytes) {
    return filling.hasRoomFor(bytes);
  }

  /** How many records have gathered. */
  int gathered() {
    return filling.count();
  }

  /** What becomes of those that have gathered. */
  Stage.Group group() {
    return filling.group();
  }

  /** Adds a record; returns its number. */
  long add(Payload record) {
    filling.note(Thread.currentThread());
    filling.add(record);
    return next++;
  }

  /** Adds records, all or none; returns the number of the first. */
  long add(List<? extends Payload> records) {
    filling.note(Thread.currentThread());
    filling.addAll(records);
    long first = next;
    next += records.size();
    return first;
  }

  /** Whether more than one thread appends. */
  boolean isShared() {
    return filling.isSharedWith(idle);
  }

  /** Hands out what has gathered, to be written; the other stage fills from now on. */
  Stage take() {
    Stage full = filling;
    filling = idle;
    filling.restart();
    return full;
  }

  /**
   * Takes a stage back with what became of it. If it failed, what gathered behind it fails too, and
   * the numbers are given out again.
   */
  void settle(Stage stage, @Nullable DiskException failure) {
    if (failure == null) {
      long before = acknowledged;
      acknowledged = before + stage.count();
    } else {
      refuse(failure.again(Effect.NONE));
      next = acknowledged;
    }
    stage.group().settle(failure);
    idle = stage;
  }

  /** Fails what has gathered. */
  void refuse(DiskException failure) {
    filling.group().settle(failure);
    filling.group().gate.signalAll();
    filling.restart();
  }

  /**
   * Wakes the next leader and those who were answered: without the lock, for which both would only
   * queue.
   */
  void wake(Stage.Group answered) {
    (answered.gate == odd ? even : odd).signal();
    answered.gate.signalAll();
  }
}
