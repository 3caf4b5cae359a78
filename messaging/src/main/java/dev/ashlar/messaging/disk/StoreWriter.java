package dev.ashlar.messaging.disk;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.disk.StoreFlights.Flight;
import dev.ashlar.messaging.journal.DiskException;
import dev.ashlar.messaging.journal.Journal;
import dev.ashlar.messaging.journal.Payload;
import dev.ashlar.messaging.journal.Ticket;
import dev.ashlar.messaging.sourcing.Append;
import dev.ashlar.messaging.sourcing.AppendResult;
import dev.ashlar.messaging.sourcing.EventStore.Recorded;
import dev.ashlar.messaging.sourcing.EventStore.Slice;
import dev.ashlar.messaging.sourcing.StoreOptions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/*
 * An append is planned upon the latest record there is, also one that is still on its way, and handed
 * to the journal under the same lock: so the journal's order is the store's. Nothing is read and
 * nothing is waited for under the lock. If the plan needs a record that is not in memory, the lock is
 * given back, the record read, and the plan made anew.
 *
 *    plan upon the latest  --stuck-->  read a record, plan again
 *         |        |
 *         |        +--conflict, ids that stand, no room-->  wait for what that was seen in, answer
 *         v
 *    journal takes it, under the next numbers  -->  wait for the disk  -->  answer
 *
 * If the disk fails, everything that is on its way fails with it, and the journal gives the numbers
 * out again. Then nothing is taken until all that was on its way has its answer, and the store stands
 * where the journal does. An append that slipped in between has numbers other than it was written
 * for; it is void, and is made again.
 */
/**
 * Appends to the journal of a store.
 *
 * <p><b>Threads.</b> Safe.
 */
final class StoreWriter {

  private final StoreRefusals refusals;
  private final Journal journal;
  private final StoreRecords records;
  private final StoreNodes nodes;
  private final Setting setting;
  private final StoreKey.Hash hash;

  private final ReentrantLock lock = new ReentrantLock();
  private final StoreFlights flights = new StoreFlights();
  private @Nullable StoreNode latest;
  private long next;
  private boolean lost;
  private volatile @Nullable StoreNode confirmed;

  /**
   * What a writer is told.
   *
   * @param recordMaxBytes the most bytes of one append's records together
   * @param flightMaxBytes how much the journal takes without anybody waiting
   */
  record Setting(
      StoreOptions options,
      TimeSource time,
      Observer observer,
      int recordMaxBytes,
      int flightMaxBytes) {}

  StoreWriter(String name, Journal journal, StoreNodes nodes, Setting setting, StoreKey.Hash hash) {
    this.refusals = new StoreRefusals(name);
    this.journal = journal;
    this.nodes = nodes;
    this.setting = setting;
    this.hash = hash;
    this.records = new StoreRecords(journal, nodes, hash);
    this.latest = records.latestRoot();
    this.confirmed = latest;
    this.next = journal.end();
  }

  /** Reads upon the latest record that is acknowledged; what comes meanwhile is not seen. */
  Slice read(String stream, long after, int most) {
    StoreNode head = records.head(confirmed, stream);
    return head == null ? new Slice(List.of(), 0) : records.slice(head, after, most);
  }

  void close() {
    records.close();
  }

  AppendResult append(Append append, Deadline deadline) throws InterruptedException {
    StorePlan.Keys keys = StorePlan.Keys.of(append, hash);
    Map<Long, StoreNode> read = new HashMap<>();
    while (true) {
      try {
        StoreStep step = look(append, keys, read, deadline);
        Optional<AppendResult> answer = act(step, append, read, deadline);
        if (answer.isPresent()) {
          return answer.get();
        }
      } catch (BackendException e) {
        return StoreRefusals.failed(e);
      }
    }
  }

  private Optional<AppendResult> act(
      StoreStep step, Append append, Map<Long, StoreNode> read, Deadline deadline)
      throws InterruptedException {
    if (step instanceof StoreStep.Read missing) {
      read.put(missing.number(), records.node(missing.number()));
    } else if (step instanceof StoreStep.Resume) {
      resume(deadline);
    } else if (step instanceof StoreStep.Wait wait) {
      if (!settled(wait.flight(), deadline)) {
        throw refusals.late(Effect.NONE);
      }
    } else if (step instanceof StoreStep.Taken taken) {
      return Optional.of(confirm(taken, deadline));
    } else if (step instanceof StoreStep.Refuse refuse) {
      return Optional.of(refuse.refusal());
    } else if (step instanceof StoreStep.Answer answer) {
      return answer(answer, append, deadline);
    }
    return Optional.empty();
  }

  // Under the lock.

  private StoreStep look(
      Append append, StorePlan.Keys keys, Map<Long, StoreNode> read, Deadline deadline)
      throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (lost) {
        return new StoreStep.Resume();
      }
      StorePlan plan = StorePlan.of(append, keys, latest, next, number -> known(number, read));
      if (plan.missing() != StorePath.NONE) {
        return new StoreStep.Read(plan.missing());
      }
      if (plan.isTaken()) {
        return new StoreStep.Refuse(
            StoreRefusals.forGood(
                "stream: its name has the key of another one's", "names that differ in it"));
      }
      boolean stores = plan.standing().isEmpty() && append.expected().allows(plan.end());
      return stores && hasRoom(plan)
          ? take(append, plan, deadline)
          : new StoreStep.Answer(plan.end(), plan.standing(), flights.latest());
    } finally {
      lock.unlock();
    }
  }

  private @Nullable StoreNode known(long number, Map<Long, StoreNode> read) {
    StoreNode flying = flights.node(number);
    if (flying != null) {
      return flying;
    }
    StoreNode kept = nodes.at(number);
    return kept == null ? read.get(number) : kept;
  }

  private boolean hasRoom(StorePlan plan) {
    return plan.nodes().get(plan.nodes().size() - 1).root().stored()
        <= setting.options().capacity();
  }

  private StoreStep take(Append append, StorePlan plan, Deadline deadline)
      throws InterruptedException {
    Instant now = setting.time().wallTime();
    List<Payload> payloads = new ArrayList<>();
    long bytes = 0;
    for (int i = 0; i < plan.nodes().size(); i++) {
      Payload payload = StoreFormat.payload(plan.nodes().get(i), append.events().get(i), now);
      payloads.add(payload);
      bytes += 4 + payload.size();
    }
    if (bytes > setting.recordMaxBytes()) {
      return new StoreStep.Refuse(
          StoreRefusals.forGood(
              "append: " + bytes + " bytes with its headers",
              "at most " + setting.recordMaxBytes()));
    }
    Flight oldest = flights.oldest();
    if (oldest != null && flights.bytes() + bytes > setting.flightMaxBytes()) {
      return new StoreStep.Wait(oldest);
    }
    return hand(payloads, plan, bytes, deadline);
  }

  private StoreStep hand(List<Payload> payloads, StorePlan plan, long bytes, Deadline deadline)
      throws InterruptedException {
    boolean handed = false;
    try {
      Ticket ticket = journal.append(payloads, deadline);
      handed = true;
      boolean isVoid = ticket.first() != next;
      Flight flight = new Flight(ticket, plan.nodes(), bytes, isVoid);
      flights.add(flight);
      if (isVoid) {
        lost = true;
        return new StoreStep.Resume();
      }
      next += payloads.size();
      latest = flight.root();
      return new StoreStep.Taken(flight, plan.end() + payloads.size());
    } finally {
      lost |= !handed;
    }
  }

  // Without the lock.

  private AppendResult confirm(StoreStep.Taken taken, Deadline deadline)
      throws InterruptedException {
    setting.observer().step("store.taken");
    if (!settled(taken.flight(), deadline)) {
      return new AppendResult.Unknown(refusals.late(Effect.UNKNOWN));
    }
    setting.observer().step("store.appended");
    return new AppendResult.Appended(taken.end());
  }

  /** Waits until an append is acknowledged; returns whether it was in time. */
  private boolean settled(Flight flight, Deadline deadline) throws InterruptedException {
    boolean hasFailed = true;
    try {
      boolean inTime = flight.ticket().await(deadline);
      hasFailed = false;
      if (inTime) {
        land(flight);
      }
      return inTime;
    } catch (InterruptedException e) {
      hasFailed = false;
      throw e;
    } finally {
      if (hasFailed) {
        fail(flight);
      }
    }
  }

  /** Those before it are acknowledged too: the journal keeps its order. */
  private void land(Flight flight) {
    lock.lock();
    try {
      while (flights.contains(flight)) {
        Flight oldest = flights.oldest();
        if (oldest != null) {
          flights.removeOldest();
          if (!oldest.isVoid()) {
            oldest.nodes().forEach(nodes::addWritten);
            confirmed = oldest.root();
          }
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void fail(Flight flight) {
    lock.lock();
    try {
      lost = true;
      flights.remove(flight);
    } finally {
      lock.unlock();
    }
  }

  /** Lets everything that is on its way get its answer, and goes on from where the journal is. */
  private void resume(Deadline deadline) throws InterruptedException {
    Flight oldest = oldest();
    while (oldest != null) {
      try {
        if (!settled(oldest, deadline)) {
          throw refusals.late(Effect.NONE);
        }
      } catch (DiskException e) {
        // Whoever made that append is told; here it only counts that it has its answer.
        setting.observer().count("store.append.failed", 1);
      }
      oldest = oldest();
    }
    long end = journal.end();
    StoreNode root = records.latestRoot();
    lock.lockInterruptibly();
    try {
      // Meanwhile others may have resumed, appended and failed again.
      if (lost && flights.oldest() == null && journal.end() == end) {
        latest = root;
        confirmed = root;
        next = end;
        lost = false;
      }
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Flight oldest() {
    lock.lock();
    try {
      return lost ? flights.oldest() : null;
    } finally {
      lock.unlock();
    }
  }

  /** An answer that stores nothing; empty if what it was seen in has failed, so look again. */
  private Optional<AppendResult> answer(StoreStep.Answer seen, Append append, Deadline deadline)
      throws InterruptedException {
    Flight upon = seen.upon();
    try {
      if (upon != null && !settled(upon, deadline)) {
        throw refusals.late(seen.standing().isEmpty() ? Effect.NONE : Effect.UNKNOWN);
      }
    } catch (DiskException e) {
      return Optional.empty();
    }
    List<Recorded> standing =
        seen.standing().stream()
            .map(number -> records.stored(number).recorded())
            .sorted(Comparator.comparingLong(Recorded::position))
            .toList();
    Optional<AppendResult> answer = append.judge(seen.end(), standing);
    setting.observer().step("store.judged");
    if (answer.isPresent() && answer.get() instanceof AppendResult.Appended) {
      setting.observer().count("store.retried", 1);
    }
    return Optional.of(answer.orElseGet(this::full));
  }

  private AppendResult full() {
    setting.observer().count("store.full", 1);
    return refusals.full(setting.options().capacity());
  }
}
