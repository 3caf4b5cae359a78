package dev.ashlar.leases.versioned;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;

/**
 * Values under keys, each with a version, that are written only if nobody has written in between:
 * what a backend implements, and what {@link Updater} updates.
 *
 * <p>For state that several may change and that nobody needs to hold: no lease, no lock, and no
 * wait, but a writer who comes second does its work again. Where that work is long or has effects
 * of its own, take a lease. Who holds one, and claims, writes by a store that checks the claim with
 * each write, such as {@link MemoryConditionalStore#under}.
 *
 * <p><b>Guarantees.</b> The reads and writes of one key are linearizable (LEASE-90). Its version
 * grows by one with each write and never begins again, also over deletion and re-creation, so a
 * value that was there before, and is again, is not taken for the same (LEASE-91). What is deleted
 * is absent, and of several that create a key one does (LEASE-92). Once a key was written with a
 * number, no smaller one of that lease is accepted, also after a deletion (LEASE-93). A write that
 * is applied again has no second effect and gets the answer of the first, until {@value
 * Versioned#NONCES_KEPT} others came on top of it (LEASE-94). Keys and values beyond their bounds
 * are refused, and change nothing (LEASE-98).
 *
 * <p><b>Not guaranteed.</b> Anything about two keys together. The order of one holder's own writes
 * with {@link Write#putIfFence}: one that was delayed has as good a number as the next, so a holder
 * waits for the answer of the one before it sends another. That a late copy of a write which names
 * no version is recognised under {@value Versioned#NONCES_KEPT} others.
 *
 * <p><b>Failures.</b> {@link BackendException} from a read, with no effect; {@link Outcome.Unknown}
 * from a write. {@link IllegalArgumentException} for a value that is too large; {@link
 * IllegalStateException} for a number of another lease than the one that the key was written under.
 * {@link dev.ashlar.core.MalformedDataException} if what is stored is not what the codec reads.
 * {@link InterruptedException} leaves the effect unknown.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <p><b>Limits.</b> Values of {@value #VALUE_MAX} bytes, because each write sends a whole one and
 * each conflict reads one. A deleted key keeps its version, its number and its last nonces, about
 * half a kilobyte, for ever: without them versions would begin again.
 *
 * <pre>{@code
 * Versioned<String> seen = store.get(cart, deadline);
 * Write<String> write = Write.putIfVersion(cart, "2 pens", seen.version(), ids.text());
 * Outcome<String> outcome = store.apply(write, deadline);
 * if (outcome instanceof Outcome.Unknown) {
 *   outcome = store.apply(write, deadline); // The same write, so it happens once at most.
 * }
 * }</pre>
 *
 * @param <V> the values
 */
public interface ConditionalStore<V> {

  /** The most bytes of an encoded value. */
  int VALUE_MAX = 65_535;

  /** Returns what a key holds. */
  Versioned<V> get(Key key, Deadline deadline) throws InterruptedException;

  /** Writes, if the condition holds. */
  Outcome<V> apply(Write<V> write, Deadline deadline) throws InterruptedException;
}
