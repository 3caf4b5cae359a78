package dev.ashlar.messaging.log;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A partition in the hands of a consumer; guarded by the consumer's lock, equal to itself only. */
final class Held {

  final OwnedPartition owned;
  final CommitTracker tracker = new CommitTracker();

  private @Nullable Position committed;
  private @Nullable String stopped;
  private boolean ended;
  private boolean closing;
  private boolean lost;

  Held(OwnedPartition owned) {
    this.owned = owned;
  }

  /** Returns whether more of it may be read. */
  boolean isHungry() {
    return mayStart() && !ended;
  }

  /** Returns whether a handler may be started for what was read of it. */
  boolean mayStart() {
    return stopped == null && !closing && !lost;
  }

  void stop(String why) {
    if (stopped == null) {
      stopped = why;
    }
  }

  Optional<String> stopped() {
    return Optional.ofNullable(stopped);
  }

  /** It was read to its end, and takes no more records. */
  void end() {
    ended = true;
  }

  boolean isFinishable() {
    return ended && !lost && stopped == null && tracker.isIdle();
  }

  /** It is to be given back once what runs has ended. */
  void closing() {
    closing = true;
  }

  boolean isClosing() {
    return closing;
  }

  void lose() {
    lost = true;
  }

  boolean isLost() {
    return lost;
  }

  /** Returns what is to be committed, if it is more than was. */
  Optional<Position> toCommit() {
    return lost
        ? Optional.empty()
        : tracker.committable().filter(position -> !position.equals(committed));
  }

  void committed(Position position) {
    committed = position;
  }
}
