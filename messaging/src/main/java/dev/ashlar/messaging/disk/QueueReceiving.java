package dev.ashlar.messaging.disk;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.disk.QueueState.Claim;
import dev.ashlar.messaging.disk.QueueState.Hopeless;
import dev.ashlar.messaging.journal.Ticket;
import java.util.ArrayList;
import java.util.List;

/*
 * A delivery is counted by a record that goes to the disk with the next group, and is not waited for:
 * otherwise each message would cost its consumer two forces. What the count of a message can miss is
 * bounded four ways. At most COUNTED_LATE_MAX deliveries are on their way to the disk; the journal
 * writes what nobody waits for within about a tenth of a second; of one message at most one delivery
 * is missed, because one that comes again while its last is not known to be counted is waited for: so
 * its number never goes down; and after a crash, the first deliveries are waited for, as many as could
 * have been under way: so a message that kills its process is missed once, and not again, and runs
 * out of attempts.
 */
/** Hands out what is due, and reads on where that is not enough. */
final class QueueReceiving {

  /** How many deliveries may be on their way to the disk. */
  private static final int COUNTED_LATE_MAX = MessageQueue.BATCH_MAX;

  private final QueueEngine engine;
  private final QueueReading reading;
  private final QueueSettling settling;

  /** How many deliveries are still to be counted before they are handed out. */
  private long strict;

  private long handedRecord = -1;
  private int handedLate;

  QueueReceiving(
      QueueEngine engine, QueueReading reading, QueueSettling settling, QueueReplay found) {
    this.engine = engine;
    this.reading = reading;
    this.settling = settling;
    long inFlight = (long) found.state().held() + found.passed().countedCount();
    this.strict = found.isClean() ? 0 : inFlight + 3L * COUNTED_LATE_MAX;
  }

  /** What one look found, and what those before it did. */
  private static final class Found {
    final List<Claim> claims;
    final List<Hopeless> hopeless = new ArrayList<>(0);

    Found(int most) {
      claims = new ArrayList<>(most);
    }

    boolean isEmpty() {
      return claims.isEmpty() && hopeless.isEmpty();
    }
  }

  List<Claim> receive(int most, Deadline deadline) throws InterruptedException {
    Found found = find(most, deadline);
    while (!found.hopeless.isEmpty()) {
      bury(found, deadline);
      if (found.claims.isEmpty()) {
        found = find(most, deadline);
      } else {
        lookAgain(most, found);
      }
    }
    return found.claims.isEmpty() ? List.of() : handOut(found.claims, deadline);
  }

  private void bury(Found found, Deadline deadline) throws InterruptedException {
    List<Hopeless> hopeless = List.copyOf(found.hopeless);
    found.hopeless.clear();
    boolean buried = false;
    try {
      settling.bury(hopeless, deadline);
      buried = true;
    } finally {
      if (!buried) {
        giveBack(found.claims);
      }
    }
  }

  /** Goes on where a hopeless message stood in the way. */
  private void lookAgain(int most, Found found) {
    boolean looked = false;
    engine.lock.lock();
    try {
      look(most, found);
      looked = true;
    } finally {
      engine.lock.unlock();
      if (!looked) {
        giveBack(found.claims);
      }
    }
  }

  /** Waits until there is something, or the deadline has come. */
  private Found find(int most, Deadline deadline) throws InterruptedException {
    Deadline disk = engine.disk(deadline);
    engine.lock.lockInterruptibly();
    try {
      while (true) {
        Found found = new Found(Math.min(most, engine.state.readyCount() + 4));
        look(most, found);
        if (!found.isEmpty()) {
          passOn();
          return found;
        }
        boolean othersRead = reading.isLoading();
        if (othersRead ? disk.hasExpired() : deadline.hasExpired()) {
          return found;
        }
        if (othersRead || !reading.mayLoad(most)) {
          engine.awaitDue(othersRead ? disk : deadline);
        }
      }
    } finally {
      engine.lock.unlock();
    }
  }

  private void look(int most, Found found) {
    int wanted = most - found.claims.size();
    engine.requireOpen();
    engine.state.moveDue(engine.clock.now());
    while ((reading.mustLoad() || reading.mayLoad(wanted)) && load()) {
      engine.requireOpen();
      engine.state.moveDue(engine.clock.now());
    }
    if (reading.passed().isBehind() && reading.hasMore()) {
      // Another thread is about to read it.
      return;
    }
    engine.state.claim(most, engine.clock.now(), found.claims, found.hopeless);
  }

  /** What is ready is delivered even if what is behind it cannot be read. */
  private boolean load() {
    try {
      reading.load();
      return true;
    } catch (BackendException e) {
      if (engine.state.readyCount() == 0 || reading.passed().isBehind()) {
        throw e;
      }
      return false;
    }
  }

  private void passOn() {
    if (engine.state.readyCount() > 0 || reading.hasMore()) {
      engine.wakeReceiver();
    }
  }

  private List<Claim> handOut(List<Claim> claims, Deadline deadline) throws InterruptedException {
    boolean handedOut = false;
    try {
      List<Claim> whole = reading.withMessages(claims);
      count(whole, deadline);
      handedOut = true;
      return whole;
    } finally {
      if (!handedOut) {
        giveBack(claims);
      }
    }
  }

  private void giveBack(List<Claim> claims) {
    engine.lock.lock();
    try {
      for (Claim each : claims) {
        if (engine.state.isCurrent(each)) {
          engine.state.release(each, engine.clock.now());
        }
      }
      engine.wakeReceivers();
    } finally {
      engine.lock.unlock();
    }
  }

  private void count(List<Claim> claims, Deadline deadline) throws InterruptedException {
    boolean waits = mustWait(claims);
    try {
      Ticket ticket = engine.journal.append(new QueueHanded(claims), engine.disk(deadline));
      noteHanded(ticket.first(), claims.size());
      if (waits) {
        if (!ticket.await(engine.disk(deadline))) {
          throw QueueChange.unanswered();
        }
        noteCounted(claims);
      }
    } catch (BackendException e) {
      engine.observer.count("queue.uncounted", claims.size());
      if (waits) {
        throw e;
      }
    }
  }

  private boolean mustWait(List<Claim> claims) {
    int count = claims.size();
    engine.lock.lock();
    try {
      boolean waits = strict > 0 || missesAnother(claims);
      strict = Math.max(0, strict - count);
      if (engine.journal.end() > handedRecord) {
        handedLate = 0;
      }
      return waits || handedLate + count > 2 * COUNTED_LATE_MAX;
    } finally {
      engine.lock.unlock();
    }
  }

  /** Whether of one of the messages an earlier delivery may not be on the disk either. */
  private static boolean missesAnother(List<Claim> claims) {
    for (int i = 0; i < claims.size(); i++) {
      Claim claim = claims.get(i);
      if (claim.attempt() > claim.live().counted + 1) {
        return true;
      }
    }
    return false;
  }

  private void noteCounted(List<Claim> claims) {
    engine.lock.lock();
    try {
      for (Claim claim : claims) {
        claim.live().counted = Math.max(claim.live().counted, claim.attempt());
      }
    } finally {
      engine.lock.unlock();
    }
  }

  private void noteHanded(long record, int count) {
    engine.lock.lock();
    try {
      handedRecord = record;
      handedLate += count;
    } finally {
      engine.lock.unlock();
    }
  }
}
