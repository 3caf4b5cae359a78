package dev.ashlar.leases.elect;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.keep.Leases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One node's part in the election of a leader: stands, leads, and stands again.
 *
 * <p>A leader is who holds one lease, and the lease's token is the number of its term. {@link
 * #currentTerm()} is computed from the clock and decides; listeners are a convenience, for a
 * process that stands still tells nobody anything.
 *
 * <p><b>Guarantees.</b> A listener hears {@code elected} and {@code ended} in turn, for one term
 * after the other, and all of an elector's listeners in one thread; nothing that one throws changes
 * that (LEASE-51). {@code ended} comes at the end of the lease by this node's clock at the latest,
 * with no word from the store. While a listener is still busy then, it follows that call's return,
 * and if that call is an {@code elected}, it is interrupted (LEASE-51). Each term's number is
 * larger than all before (LEASE-52). While clocks run at one rate within the drift bound, one term
 * at most is current, whatever listeners do (LEASE-53). A node whose term was lost stands again by
 * itself, so there is a leader within two terms after faults have ended (LEASE-54). Whoever heard
 * {@code elected} hears {@code ended}, also on closing (LEASE-55). After resigning or closing, the
 * lease is given back when all have heard it; if that takes longer than the options say, it is not
 * given back, and its term runs out (LEASE-80). A node that has resigned does not stand until its
 * cool-down is over (LEASE-81).
 *
 * <p><b>Not guaranteed.</b> That the old leader's work has ended when the next one begins: after a
 * loss, or with a slow listener, both run. So what a leader writes goes through a guard, with the
 * term's lease. Nor that a listener hears of a term that ended at once.
 *
 * <p><b>Failures.</b> None: a store that does not answer is asked again, and a term of a number
 * that is not larger than the last is not taken up. What listeners throw is counted.
 *
 * <p><b>Threads.</b> Safe, also from listeners. Two daemon threads: one stands, one tells
 * listeners. While a listener has not returned from the end of a term, this node does not stand.
 *
 * <p><b>Limits.</b> {@value #LISTENERS_MAX} listeners.
 *
 * <pre>{@code
 * try (Elector elector = Elector.of(leases, new LeaseName("billing"), options, time, observer)) {
 *   elector.listen(listener);
 *   elector.start();
 *   serve(() -> elector.currentTerm().isPresent());
 * }
 * }</pre>
 *
 * @see dev.ashlar.leases.guard.Guard
 */
public final class Elector implements AutoCloseable {

  /** The most listeners: each waits for those before it. */
  public static final int LISTENERS_MAX = 100;

  private final Seat seat;
  private final ElectorOptions options;
  private final List<Thread> threads = new ArrayList<>();
  private boolean started;

  private Elector(Leases leases, LeaseName name, ElectorOptions options, Outside outside) {
    this.options = options;
    this.seat = new Seat(options, outside.time());
    threads.add(thread("campaign", name, new Campaign(leases, name, seat, options, outside)));
    threads.add(thread("voice", name, new Voice(seat, outside.observer())));
  }

  private static Thread thread(String what, LeaseName name, Runnable task) {
    Thread thread = new Thread(task, "ashlar-elector-" + what + "-" + name.value());
    thread.setDaemon(true);
    return thread;
  }

  /** What an elector knows of the world around it. */
  record Outside(TimeSource time, Observer observer) {}

  /**
   * Returns a node's part in an election, which does nothing before it is {@linkplain #start
   * started}.
   *
   * @param leases closed after this, by the caller
   * @param name of the office; all who stand for it use the same
   * @param options how to stand and to end
   * @param time the clock of the leases
   * @param observer is told of elections and failures
   */
  public static Elector of(
      Leases leases, LeaseName name, ElectorOptions options, TimeSource time, Observer observer) {
    return new Elector(
        requireNonNull(leases, "leases"),
        requireNonNull(name, "name"),
        requireNonNull(options, "options"),
        new Outside(requireNonNull(time, "time"), requireNonNull(observer, "observer")));
  }

  /**
   * Adds a listener. One that comes during a term is told of it.
   *
   * @throws IllegalStateException if there are {@value #LISTENERS_MAX}
   */
  public void listen(TermListener listener) {
    seat.listen(requireNonNull(listener, "listener"));
  }

  /** Begins to stand; again changes nothing. */
  public void start() {
    synchronized (threads) {
      if (!started) {
        started = true;
        threads.forEach(Thread::start);
      }
    }
  }

  /** Returns this node's term, if it leads now, by the clock. */
  public Optional<Term> currentTerm() {
    return seat.currentTerm();
  }

  /** Gives up leading, or standing, for the cool-down of the options. */
  public void resign() {
    resign(options.coolDown());
  }

  /**
   * Gives up leading, or standing. On return no term is current; listeners hear of it, and then the
   * lease is given back.
   *
   * @param coolDown for how long this node does not stand, at least
   */
  public void resign(Duration coolDown) {
    ElectorOptions.between("coolDown", coolDown, Duration.ZERO);
    seat.resign(coolDown);
  }

  /**
   * Ends the term, if this node leads, as {@link #resign()} does, and does not stand any more.
   * Waits for listeners and then for the store, for as long as the options say each; called by a
   * listener, it waits for nothing. Again changes nothing.
   */
  @Override
  public void close() {
    seat.close();
    synchronized (threads) {
      if (!started || threads.contains(Thread.currentThread())) {
        return;
      }
    }
    try {
      seat.awaitEnd(options.drainMax());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
