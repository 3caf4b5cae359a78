package dev.ashlar.messaging.topic;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.log.CommitResult;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.GroupMember;
import dev.ashlar.messaging.log.OwnedPartition;
import dev.ashlar.messaging.log.Position;
import dev.ashlar.messaging.log.ReadResult;
import dev.ashlar.messaging.log.StartAt;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/*
 * A member may be used by one thread at a time and waits inside the log, so whoever attends does it
 * for all, without the lock; the others wait for that one. The log is never called with the lock held,
 * but for asking how an ownership stands.
 */
/** Brings what is published into the window of one member, and keeps the member alive. */
final class LogFetching {

  private final LogTopic.Parts parts;
  private final Subscription subscription;
  private final GroupMember member;
  private final TimeSource time;
  private final Observer observer;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final LogWindow window;
  private boolean attending;
  private long attendedNanos;

  LogFetching(LogTopic.Parts parts, Subscription subscription, GroupMember member) {
    this.parts = parts;
    this.subscription = subscription;
    this.member = member;
    this.time = parts.options().time();
    this.observer = parts.options().observer();
    this.window =
        new LogWindow(
            parts.options().window(),
            parts.options().attemptsMax(),
            parts.options().visibility().toNanos());
    this.attendedNanos = time.nanos();
  }

  /** Looks at the window or changes it, and wakes who waits for that. */
  <T> T locked(Function<LogWindow, T> body) {
    lock.lock();
    try {
      T result = body.apply(window);
      changed.signalAll();
      return result;
    } finally {
      lock.unlock();
    }
  }

  /** Attends and reads once, waiting for something to hand out until the deadline. */
  void round(Deadline deadline) throws InterruptedException {
    if (begin(deadline)) {
      try {
        attend(deadline);
      } finally {
        end();
      }
    }
  }

  /** Shows that the member lives, if it has not for a while and nobody else does. */
  void showLife() throws InterruptedException {
    long quarter = member.term().toNanos() / 4;
    boolean late = locked(same -> time.nanos() - attendedNanos >= quarter);
    Deadline atOnce = Deadline.after(Duration.ZERO, time);
    if (late && begin(atOnce)) {
      try {
        adopt(member.attend(Set.of(), atOnce));
      } finally {
        end();
      }
    }
  }

  private boolean begin(Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (attending) {
        if (deadline.hasExpired()) {
          return false;
        }
        time.await(changed, deadline);
      }
      attending = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    locked(
        same -> {
          attending = false;
          return attending;
        });
  }

  private void attend(Deadline deadline) throws InterruptedException {
    List<OwnedPartition> hungry = locked(LogWindow::hungry);
    Set<String> names = new HashSet<>();
    hungry.forEach(each -> names.add(each.partition()));
    adopt(member.attend(names, deadline.shortenedTo(patience())));
    commitAgain();
    for (OwnedPartition each : locked(LogWindow::giveBack)) {
      each.release(deadline);
    }
    List<OwnedPartition> readable = locked(LogWindow::hungry);
    for (OwnedPartition each : readable) {
      read(each, readable.size());
    }
    for (OwnedPartition each : locked(LogWindow::finished)) {
      each.finish(Deadline.after(parts.options().exchangeMax(), time));
    }
  }

  /** As long as nothing here is due, and not so long that the member would seem dead. */
  private Duration patience() {
    long quarter = member.term().toNanos() / 4;
    Optional<Long> next = locked(LogWindow::nextNanos);
    long until = next.map(nanos -> nanos - time.nanos()).orElse(quarter);
    return Duration.ofNanos(Math.max(0, Math.min(quarter, until)));
  }

  private void adopt(List<OwnedPartition> owned) {
    locked(
        now -> {
          attendedNanos = time.nanos();
          now.adopt(owned);
          return now;
        });
  }

  /** Makes the commits again that were not answered; what fails waits for the next round. */
  private void commitAgain() throws InterruptedException {
    for (Map.Entry<OwnedPartition, Position> each : locked(LogWindow::commitsAgain).entrySet()) {
      Deadline deadline = Deadline.after(parts.options().exchangeMax(), time);
      try {
        commit(each.getKey(), each.getValue(), deadline);
      } catch (BackendException e) {
        observer.count("topic.commit.failed", 1);
      }
    }
  }

  /** Has the log know up to where all is handled; if it does not answer, a round asks again. */
  CommitResult commit(OwnedPartition owned, Position position, Deadline deadline)
      throws InterruptedException {
    boolean known = false;
    try {
      CommitResult result = owned.commit(position, deadline);
      known = true;
      return result;
    } finally {
      noteAnswer(owned, position, known);
    }
  }

  private void noteAnswer(OwnedPartition owned, Position position, boolean known) {
    locked(
        now -> {
          now.answered(owned, position, known);
          return known;
        });
  }

  /** A partition that has much leaves room for the others. */
  private void read(OwnedPartition from, int sharers) throws InterruptedException {
    int room = locked(LogWindow::room);
    if (room == 0) {
      return;
    }
    int most = Math.min(EventLog.BATCH_MAX, Math.max(1, room / sharers));
    ReadResult result = from.read(most, Deadline.after(Duration.ZERO, time));
    if (result instanceof ReadResult.Records read) {
      locked(
          now -> {
            now.add(from, read.records(), time.nanos());
            return now;
          });
    } else if (result instanceof ReadResult.Ended) {
      locked(
          now -> {
            now.endReading(from);
            return now;
          });
    } else if (result instanceof ReadResult.PositionLost) {
      missed(from);
    }
  }

  private void missed(OwnedPartition from) throws InterruptedException {
    Deadline deadline = Deadline.after(parts.options().exchangeMax(), time);
    switch (subscription.options().whenFull()) {
      case DROP -> {
        observer.count("topic.dropped", 1);
        from.seek(StartAt.beginning(), deadline);
      }
      case DETACH -> {
        if (parts.registry().detach(subscription, deadline)) {
          observer.count("topic.detached", 1);
        }
        throw ended();
      }
      case BLOCK ->
          throw new IllegalStateException(
              "subscription "
                  + subscription.name()
                  + ": overtaken by retention in partition "
                  + from.partition()
                  + " (expected: within it)");
    }
  }

  IllegalStateException ended() {
    return new IllegalStateException(
        "subscription " + subscription.name() + ": ended (expected: attached)");
  }

  /** Returns whether the subscription is there now; asked after reading, it vouches for that. */
  boolean isThere() throws InterruptedException {
    Deadline deadline = Deadline.after(parts.options().exchangeMax(), time);
    return parts.registry().all(deadline).stream()
        .anyMatch(
            each ->
                each.number() == subscription.number()
                    && each.state() == Subscription.State.ATTACHED);
  }

  /** Renews a transient subscription; an answer that fails is none. */
  boolean renew() throws InterruptedException {
    try {
      return parts
          .registry()
          .renew(subscription, Deadline.after(parts.options().exchangeMax(), time));
    } catch (BackendException e) {
      observer.count("topic.registry.failed", 1);
      return true;
    }
  }

  void leave() {
    member.close();
    locked(same -> same);
  }
}
