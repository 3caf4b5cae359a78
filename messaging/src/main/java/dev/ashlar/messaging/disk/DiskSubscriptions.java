package dev.ashlar.messaging.disk;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.disk.DiskSubscriptionsRecord.What;
import dev.ashlar.messaging.journal.DiskException;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Journal;
import dev.ashlar.messaging.journal.JournalReader;
import dev.ashlar.messaging.journal.Payload;
import dev.ashlar.messaging.journal.Ticket;
import dev.ashlar.messaging.topic.MemorySubscriptions;
import dev.ashlar.messaging.topic.Subscription;
import dev.ashlar.messaging.topic.SubscriptionOptions;
import dev.ashlar.messaging.topic.SubscriptionRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * The subscriptions are in memory, each change of them is a record of a journal. One change is made
 * at a time: it is written, awaited, and then seen by everybody. A change whose answer did not come
 * in time stays open, and whoever wants the next one waits for its answer first.
 *
 * When 1024 changes have gathered, all that is there is written as one record, and what stands before
 * it is forgotten; reading begins at the oldest record that is left, so opening reads no more than a
 * few files of 256 KiB.
 *
 * Renewals are not written: the elapsed clock ends with its process, so after a restart each
 * transient subscription has a whole term to show life. That one has ended is written, or it would be
 * there again after the next restart.
 */
/**
 * The subscriptions of a topic, in a folder of their own, or in several that each hold all of it.
 *
 * <p><b>Guarantees.</b> The contract of {@link SubscriptionRegistry}. What was answered is there
 * after the death of the process at any moment, and of the machine as {@link
 * dev.ashlar.messaging.journal.Durability} says. Terms end by the elapsed clock; after a restart
 * each begins anew.
 *
 * <p><b>Not guaranteed.</b> Use by two processes: the second one is told.
 *
 * <p><b>Failures.</b> {@link DiskException}, and {@link BackendException} where the disk does not
 * answer in time; a change whose effect is unknown can be made again. {@link IllegalStateException}
 * once it is closed, and for a folder of another engine.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <p><b>Limits.</b> {@value MemorySubscriptions#SUBSCRIPTIONS_MAX} subscriptions, as in memory.
 * Files of 256 KiB, whatever the options say: about a megabyte of disk in each folder.
 *
 * <pre>{@code
 * SubscriptionRegistry registry =
 *     DiskSubscriptions.open(DiskOptions.folder(folder), TimeSource.system(), Observer.none());
 * }</pre>
 */
public final class DiskSubscriptions implements SubscriptionRegistry, AutoCloseable {

  private static final int SEGMENT_BYTES = 256 << 10;
  private static final int CHANGES_MAX = 1024;
  private static final Duration TERM = Duration.ofSeconds(30);

  private final Journal journal;
  private final TimeSource time;
  private final Observer observer;
  private final Duration term;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition free = lock.newCondition();
  private final DiskSubscriptionsState state = new DiskSubscriptionsState();
  private boolean changing;
  private boolean closed;
  private @Nullable Change open;
  private long checkpoint;

  private DiskSubscriptions(Journal journal, TimeSource time, Observer observer, Duration term) {
    this.journal = journal;
    this.time = time;
    this.observer = observer;
    this.term = term;
  }

  /** One change on its way. */
  private record Change(DiskSubscriptionsRecord record, Ticket ticket) {}

  /** Opens a registry whose transient subscriptions end after 30 s of silence. */
  public static DiskSubscriptions open(DiskOptions disk, TimeSource time, Observer observer) {
    return open(disk, TERM, time, observer);
  }

  /**
   * Opens the registry in the folders, or makes it.
   *
   * @param disk the folders, which are this registry's alone
   * @param term after how long a silence a transient subscription has ended
   * @param time its clock
   * @param observer is told the step {@code subscriptions.changed}, {@code
   *     subscriptions.forget.failed}, and what the journal tells
   */
  public static DiskSubscriptions open(
      DiskOptions disk, Duration term, TimeSource time, Observer observer) {
    return open(disk, term, time, observer, Journal::open);
  }

  static DiskSubscriptions open(
      DiskOptions disk,
      Duration term,
      TimeSource time,
      Observer observer,
      DiskEventStore.Opening opening) {
    requireNonNull(observer, "observer");
    if (term.isNegative() || term.isZero() || term.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          "term: " + term + " (expected: above 0, to " + Duration.ofDays(1) + ")");
    }
    DiskOptions own =
        new DiskOptions(disk.folders(), disk.durability(), SEGMENT_BYTES, SEGMENT_BYTES / 4);
    Journal journal = opening.open(own, time, observer);
    boolean opened = false;
    try {
      DiskSubscriptions registry = new DiskSubscriptions(journal, time, observer, term);
      registry.replay();
      opened = true;
      return registry;
    } finally {
      if (!opened) {
        journal.close();
      }
    }
  }

  private void replay() {
    checkpoint = journal.first();
    long now = time.nanos();
    try (JournalReader reader = journal.reader(checkpoint)) {
      int count;
      do {
        count =
            reader.read(
                (number, array, offset, length) ->
                    state.apply(DiskSubscriptionsRecord.read(array, offset, length), now));
      } while (count > 0);
    } catch (MalformedDataException e) {
      throw new IllegalStateException(
          "subscriptions: " + e.getMessage() + " (expected: a registry's folder)", e);
    }
  }

  @Override
  public Duration term() {
    return term;
  }

  @Override
  public Subscription add(String name, SubscriptionOptions options, Deadline deadline)
      throws InterruptedException {
    begin(deadline);
    try {
      Optional<Subscription> there = look(() -> state.joined(name, time.nanos()));
      if (there.isPresent()) {
        return there.get();
      }
      Subscription added = look(() -> state.next(name, options));
      change(What.PUT, List.of(added), deadline);
      return added;
    } finally {
      end();
    }
  }

  /** Needs no disk: that a subscription is in use is true of this process only. */
  @Override
  public boolean renew(Subscription subscription, Deadline deadline) throws InterruptedException {
    expire(deadline);
    return look(() -> state.renewed(subscription, time.nanos()));
  }

  @Override
  public boolean detach(Subscription subscription, Deadline deadline) throws InterruptedException {
    begin(deadline);
    try {
      boolean there = look(() -> state.isAttached(subscription));
      if (there) {
        change(What.PUT, List.of(subscription.in(Subscription.State.DETACHED)), deadline);
      }
      return there;
    } finally {
      end();
    }
  }

  @Override
  public boolean remove(Subscription subscription, Deadline deadline) throws InterruptedException {
    begin(deadline);
    try {
      boolean there = look(() -> state.has(subscription));
      if (there) {
        change(What.REMOVED, List.of(subscription), deadline);
      }
      return there;
    } finally {
      end();
    }
  }

  @Override
  public List<Subscription> all(Deadline deadline) throws InterruptedException {
    expire(deadline);
    return look(state::all);
  }

  // One change at a time.

  /** Makes this thread the only one that changes anything, with nothing open before it. */
  private void begin(Deadline deadline) throws InterruptedException {
    enter(deadline);
    boolean ready = false;
    try {
      settle(deadline);
      Collection<Subscription> over = look(() -> state.over(time.nanos(), term));
      if (!over.isEmpty()) {
        change(What.REMOVED, over, deadline);
      }
      checkpoint(deadline);
      ready = true;
    } finally {
      if (!ready) {
        end();
      }
    }
  }

  private void enter(Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      checkOpen();
      while (changing) {
        if (!time.await(free, deadline) && changing) {
          throw late(Effect.NONE);
        }
        checkOpen();
      }
      changing = true;
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    lock.lock();
    try {
      changing = false;
      free.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Ends what is over, if something is. */
  private void expire(Deadline deadline) throws InterruptedException {
    boolean due = look(() -> open != null || !state.over(time.nanos(), term).isEmpty());
    if (due) {
      begin(deadline);
      end();
    }
  }

  private void change(What what, Collection<Subscription> which, Deadline deadline)
      throws InterruptedException {
    DiskSubscriptionsRecord record =
        look(() -> DiskSubscriptionsRecord.of(what, state.numbers(), which));
    Payload payload = Payload.of(Bytes.owning(record.bytes()));
    Change change = new Change(record, journal.append(payload, deadline));
    look(() -> open = change);
    settle(deadline);
    observer.step("subscriptions.changed");
  }

  /** Waits for the answer to what is open, and makes it seen. */
  private void settle(Deadline deadline) throws InterruptedException {
    Change change = look(() -> Optional.ofNullable(open)).orElse(null);
    if (change == null) {
      return;
    }
    try {
      if (!change.ticket.await(deadline)) {
        throw late(Effect.UNKNOWN);
      }
    } catch (DiskException e) {
      // It has its answer: in this process it is not there.
      close(change, false);
      throw e;
    }
    close(change, true);
  }

  private void close(Change change, boolean made) {
    look(
        () -> {
          open = null;
          if (made) {
            state.apply(change.record, time.nanos());
          }
          return made;
        });
  }

  /** Writes all that is there, once in a while, so that the changes before can be forgotten. */
  private void checkpoint(Deadline deadline) throws InterruptedException {
    if (journal.end() - checkpoint < CHANGES_MAX) {
      return;
    }
    change(What.ALL, look(state::all), deadline);
    checkpoint = journal.end() - 1;
    try {
      journal.forgetBefore(checkpoint);
    } catch (DiskException e) {
      // What is not forgotten now is forgotten with what comes next.
      observer.count("subscriptions.forget.failed", 1);
    }
  }

  private static BackendException late(Effect effect) {
    return new BackendException(
        "subscriptions: no answer within the deadline", effect, new Advice.Transient(), null);
  }

  /** Looks at the state, or changes it in memory. */
  private <T> T look(Supplier<T> body) {
    lock.lock();
    try {
      checkOpen();
      return body.get();
    } finally {
      lock.unlock();
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("subscriptions: closed (expected: open)");
    }
  }

  /** Gives the folders back; later calls fail. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      free.signalAll();
    } finally {
      lock.unlock();
    }
    journal.close();
  }
}
