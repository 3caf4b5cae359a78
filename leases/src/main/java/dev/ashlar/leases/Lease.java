package dev.ashlar.leases;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.ExclusiveRight;
import dev.ashlar.core.FencingToken;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The right to act alone on something, for a limited time that is renewed while the holder lives.
 *
 * <p>A lease is a value that is passed along, not a lock: it belongs to no thread, and a second
 * request of the same owner competes like anybody's.
 *
 * <p><b>Guarantees.</b> While the {@link #state()} is held, the store has granted the lease to
 * nobody else, as long as the clocks run at one rate within the drift bound: the holder's time
 * starts before its request is sent (LEASE-16), so the holder gives up before the store does, and
 * does so by itself (LEASE-15). Jumps of wall clocks neither end it nor make it longer (LEASE-17).
 * Lost is for ever (LEASE-20). The token never changes (LEASE-5, LEASE-6). A loss is told once to
 * each listener, and after the state says it (LEASE-28, LEASE-29).
 *
 * <p><b>Not guaranteed.</b> That the process runs when the time ends. A pause can fall between a
 * look at the state and the next write, and on Linux the elapsed clock stands still while the
 * machine is suspended. So write through a guard that checks the {@link #token()}.
 *
 * <p><b>Failures.</b> A loss is a state, never an exception.
 *
 * <p><b>Threads.</b> Safe; it may be used and closed by any thread (LEASE-33).
 *
 * @see dev.ashlar.leases.guard.Guard
 */
public interface Lease extends ExclusiveRight, AutoCloseable {

  /** The most listeners of one lease. */
  int LISTENERS_MAX = 100;

  /** Returns who holds it, and its number. */
  Fence fence();

  /** Returns what is leased. */
  default LeaseName name() {
    return fence().lease();
  }

  @Override
  default FencingToken token() {
    return fence().token();
  }

  /** Returns where the lease stands now, by the clock: it needs no event to become lost. */
  LeaseState state();

  /** Returns why it was lost, if it was. */
  Optional<LossCause> lossCause();

  /** Returns for how long the holder may still act without a further confirmation. */
  Duration remaining();

  @Override
  default boolean stillHeld() {
    return state().isHeld();
  }

  /**
   * Notes that work under the lease begins. Releasing waits for its end before the store is told
   * (LEASE-35).
   *
   * @return to be closed at the work's end; empty if the lease is not held, or being released
   */
  Optional<Use> use();

  /**
   * Asks the store now, whatever was heard before: after a pause, or before something expensive.
   *
   * @return {@link LeaseState#HELD} only if the store has confirmed it just now
   */
  LeaseState confirm(Deadline deadline) throws InterruptedException;

  /**
   * Has a listener told of the loss, once, after {@link #state()} says lost: in a thread that only
   * the listeners of this lease wait for, or at once in the caller's if the lease is lost already.
   * Never told if the lease is given back.
   *
   * <p>A convenience beside {@link #state()}: a process that stands still tells nobody anything.
   *
   * @throws IllegalStateException if the lease has {@value #LISTENERS_MAX} listeners
   */
  void whenLost(Consumer<LossCause> listener);

  /**
   * Notes that the work under the lease goes on. Where the options name a longest time without it,
   * a lease whose holder does not say so is lost ({@link LossCause#STALLED}), so that work that
   * hangs does not keep it for ever; otherwise this does nothing.
   */
  void progress();

  /** Takes the lease as lost, for a reason that was seen elsewhere; nothing if it is over. */
  void lose(LossCause cause);

  /**
   * Gives the lease back: begins no further use, waits for those that go on, and tells the store.
   * If they do not end in time, the store is not told and the term runs out by itself.
   *
   * @param deadline of the waiting for uses; telling the store may take a quarter of a term more
   * @throws InterruptedException if interrupted before the store has answered; the lease is given
   *     up all the same, and its term runs out
   */
  ReleaseOutcome release(Deadline deadline) throws InterruptedException;

  /** Releases, waiting for uses as long as the options say. Never throws because of a loss. */
  @Override
  void close();

  /** Work under a lease. */
  @FunctionalInterface
  interface Use extends AutoCloseable {

    /** Ends it; again changes nothing. */
    @Override
    void close();
  }
}
