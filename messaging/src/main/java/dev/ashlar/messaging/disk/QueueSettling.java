package dev.ashlar.messaging.disk;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.Settlement;
import dev.ashlar.messaging.disk.QueueRecord.Snapshot;
import dev.ashlar.messaging.disk.QueueRecord.State;
import dev.ashlar.messaging.disk.QueueRecord.Stored;
import dev.ashlar.messaging.disk.QueueState.Claim;
import dev.ashlar.messaging.disk.QueueState.Hopeless;
import java.util.ArrayList;
import java.util.List;

/** Carries out what was decided about messages: what must last is in the journal first. */
final class QueueSettling {

  private final QueueEngine engine;
  private final QueueReading reading;

  QueueSettling(QueueEngine engine, QueueReading reading) {
    this.engine = engine;
    this.reading = reading;
  }

  /** A change of messages that all go back to where they were if it fails. */
  private abstract class Change extends QueueChange {
    final List<QueueLive> lives;

    Change(List<QueueLive> lives) {
      super(engine);
      this.lives = lives;
    }

    @Override
    final void undo() {
      lives.forEach(engine.state::restore);
      engine.wakeReceivers();
    }
  }

  private final class Done extends Change {

    Done(List<QueueLive> lives) {
      super(lives);
    }

    @Override
    void apply(long first, long now) {
      for (QueueLive live : lives) {
        boolean ordered = live.key != null;
        engine.state.applyDone(live, now);
        if (ordered) {
          engine.wakeReceiver();
        }
      }
      engine.wakeSenders();
    }
  }

  private final class Retry extends Change {
    private final QueueLive live;
    private final long due;
    private final Message message;

    Retry(QueueLive live, long due, Message message) {
      super(List.of(live));
      this.live = live;
      this.due = due;
      this.message = message;
    }

    @Override
    void apply(long first, long now) {
      engine.state.applyRetry(live, due, first, message, now);
      // Whoever waits may have to wake earlier than for anything known before.
      engine.wakeReceivers();
    }
  }

  private final class Burial extends Change {
    private final QueueLive live;

    Burial(QueueLive live) {
      super(List.of(live));
      this.live = live;
    }

    @Override
    void apply(long first, long now) {
      engine.state.applyDead(live, first, now);
      engine.wakeReceivers();
    }
  }

  Settlement settle(Claim claim, Outcome outcome, Deadline deadline) throws InterruptedException {
    if (outcome instanceof Outcome.Retry retry) {
      return retry(claim, retry, deadline);
    }
    if (outcome instanceof Outcome.DeadLetter letter) {
      return deadLetter(claim, letter.reason(), deadline);
    }
    return done(List.of(claim), deadline).get(0);
  }

  /** Settles many as done, with one record. */
  List<Settlement> done(List<Claim> claims, Deadline deadline) throws InterruptedException {
    List<Settlement> answers = new ArrayList<>(claims.size());
    List<QueueLive> lives = new ArrayList<>(claims.size());
    Done change;
    engine.lock.lock();
    try {
      engine.requireOpen();
      for (Claim claim : claims) {
        boolean current = engine.state.isCurrent(claim);
        answers.add(current ? Settlement.APPLIED : Settlement.STALE);
        if (current) {
          engine.state.begin(claim.live());
          lives.add(claim.live());
        }
      }
      if (lives.isEmpty()) {
        return answers;
      }
      change = engine.changes.begin(new Done(lives));
    } finally {
      engine.lock.unlock();
    }
    change.write(List.of(new QueueRecord.Done(lives)), deadline);
    return answers;
  }

  private Settlement retry(Claim claim, Outcome.Retry retry, Deadline deadline)
      throws InterruptedException {
    QueueLive live = claim.live();
    Retry change;
    State state;
    engine.lock.lock();
    try {
      engine.requireOpen();
      if (!engine.state.isCurrent(claim)) {
        return Settlement.STALE;
      }
      if (live.spent >= engine.options.attemptsMax()) {
        engine.state.begin(live);
        change = null;
        state = State.of(live, "");
      } else {
        engine.state.begin(live);
        live.noteFailure(engine.time.wallTime());
        long due = engine.clock.now() + retry.delay().toNanos();
        change = engine.changes.begin(new Retry(live, due, message(claim)));
        state = State.of(live, retry.cause()).at(due);
      }
    } finally {
      engine.lock.unlock();
    }
    if (change == null) {
      bury(live, retry.cause(), new Stored(message(claim), live.sent, ""), deadline);
    } else {
      Stored stored = new Stored(message(claim), live.sent, "");
      change.write(
          List.of(new Snapshot(QueueRecord.WAITING, state, stored, engine.numbers)), deadline);
    }
    return Settlement.APPLIED;
  }

  static Message message(Claim claim) {
    Message message = claim.message();
    if (message == null) {
      throw new IllegalStateException("delivery: without its message (expected: with)");
    }
    return message;
  }

  private Settlement deadLetter(Claim claim, String reason, Deadline deadline)
      throws InterruptedException {
    QueueLive live = claim.live();
    engine.lock.lock();
    try {
      engine.requireOpen();
      if (!engine.state.isCurrent(claim)) {
        return Settlement.STALE;
      }
      engine.state.begin(live);
    } finally {
      engine.lock.unlock();
    }
    bury(live, reason, new Stored(message(claim), live.sent, ""), deadline);
    return Settlement.APPLIED;
  }

  /** Sets messages aside that are not to be delivered again; they have begun to change. */
  void bury(List<Hopeless> hopeless, Deadline deadline) throws InterruptedException {
    List<Burial> burials = new ArrayList<>(hopeless.size());
    int next = 0;
    try {
      while (next < hopeless.size()) {
        Hopeless each = hopeless.get(next);
        QueueReading.Whole whole = reading.whole(each.live());
        String reason = each.reason();
        if (reason.isEmpty()) {
          reason = whole.cause().isEmpty() ? "attempts spent without a settlement" : whole.cause();
        }
        next++;
        burials.add(burial(each.live(), reason, whole.stored(), deadline));
      }
    } finally {
      restoreFrom(hopeless, next);
    }
    for (Burial each : burials) {
      complete(each, deadline);
    }
  }

  private void restoreFrom(List<Hopeless> hopeless, int next) {
    if (next < hopeless.size()) {
      engine.lock.lock();
      try {
        hopeless.subList(next, hopeless.size()).forEach(each -> engine.state.restore(each.live()));
      } finally {
        engine.lock.unlock();
      }
    }
  }

  private Burial burial(QueueLive live, String reason, Stored stored, Deadline deadline)
      throws InterruptedException {
    Burial change;
    State state;
    engine.lock.lock();
    try {
      live.noteFailure(engine.time.wallTime());
      change = engine.changes.begin(new Burial(live));
      state = State.of(live, reason).asDead();
    } finally {
      engine.lock.unlock();
    }
    change.append(List.of(new Snapshot(QueueRecord.DEAD, state, stored, engine.numbers)), deadline);
    return change;
  }

  private void complete(Burial burial, Deadline deadline) throws InterruptedException {
    if (!burial.await(deadline)) {
      throw QueueChange.unanswered();
    }
    engine.observer.step("queue.deadletter.written");
    engine.observer.count("queue.dead", 1);
  }

  private void bury(QueueLive live, String reason, Stored stored, Deadline deadline)
      throws InterruptedException {
    complete(burial(live, reason, stored, deadline), deadline);
  }

  Settlement release(Claim claim, Deadline deadline) throws InterruptedException {
    QueueHanded record;
    engine.lock.lock();
    try {
      engine.requireOpen();
      if (!engine.state.isCurrent(claim)) {
        return Settlement.STALE;
      }
      engine.state.release(claim, engine.clock.now());
      QueueLive live = claim.live();
      record = new QueueHanded(List.of(claim), live.spent);
      engine.wakeReceivers();
    } finally {
      engine.lock.unlock();
    }
    try {
      engine.journal.append(record, engine.disk(deadline));
    } catch (BackendException e) {
      // After a crash it counts as an attempt; that is all that was lost.
      engine.observer.count("queue.uncounted", 1);
    }
    return Settlement.APPLIED;
  }

  Settlement renew(Claim claim) {
    engine.lock.lock();
    try {
      engine.requireOpen();
      if (!engine.state.isCurrent(claim)) {
        return Settlement.STALE;
      }
      engine.state.renew(claim.live(), engine.clock.now());
      return Settlement.APPLIED;
    } finally {
      engine.lock.unlock();
    }
  }
}
