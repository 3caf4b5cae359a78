package dev.ashlar.leases.versioned;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Codec;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.leases.guard.MemoryFloor;
import dev.ashlar.leases.guard.MemoryFloor.Transaction;
import dev.ashlar.leases.guard.ResourceWriter;
import dev.ashlar.leases.versioned.Write.Absent;
import dev.ashlar.leases.versioned.Write.FenceAtMost;
import dev.ashlar.leases.versioned.Write.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A conditional store in the memory of one process: for tests, and as the shortest complete
 * statement of what such a store does.
 *
 * <p><b>Guarantees.</b> As {@link ConditionalStore}; and under a claim, as {@link #under} says.
 *
 * <p><b>Not guaranteed.</b> Anything after a restart.
 *
 * <p><b>Failures.</b> As {@link ConditionalStore}; unknown, without an effect, when it is full or
 * the deadline is over.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <p><b>Limits.</b> {@value #KEYS_MAX} keys, because the version of a key is never forgotten.
 *
 * @param <V> the values; kept encoded, so that nobody changes them from outside
 */
public final class MemoryConditionalStore<V> implements ConditionalStore<V> {

  /** The most keys, some hundred bytes each besides the values. */
  public static final int KEYS_MAX = 100_000;

  private final Codec<V> codec;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Key, Versioned<Bytes>> entries = new HashMap<>();

  private MemoryConditionalStore(Codec<V> codec) {
    this.codec = requireNonNull(codec, "codec");
  }

  /** Returns an empty store. */
  public static <V> MemoryConditionalStore<V> of(Codec<V> codec) {
    return new MemoryConditionalStore<>(codec);
  }

  /**
   * Returns this store as the holder of a lease writes to it: each write while the claim is held
   * against a successor's.
   *
   * <p><b>Guarantees.</b> Once a successor has claimed, no write of this store is carried out, also
   * where the version is still the one that was read; one that was under way is seen by the
   * successor's first read, or is not carried out (LEASE-105). Which of the two conditions failed
   * is told: {@link Outcome.Stale} if the claim is over, whatever the version, and {@link
   * Outcome.Conflict} otherwise (LEASE-106). What became of a write without an answer is found also
   * after the claim is over (LEASE-107).
   *
   * @param claim by a guard over the floor
   * @param floor in the same memory
   */
  public ConditionalStore<V> under(ResourceWriter<Transaction> claim, MemoryFloor floor) {
    return new ClaimedMemoryStore<>(this, claim, floor);
  }

  @Override
  public Versioned<V> get(Key key, Deadline deadline) throws InterruptedException {
    if (deadline.hasExpired()) {
      throw failure("deadline is over", new Advice.Transient());
    }
    lock.lockInterruptibly();
    try {
      return decoded(entry(key));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Outcome<V> apply(Write<V> write, Deadline deadline) throws InterruptedException {
    Optional<Bytes> value = write.value().map(this::encoded);
    lock.lockInterruptibly();
    try {
      if (deadline.hasExpired()) {
        return new Outcome.Unknown<>(failure("deadline is over", new Advice.Transient()));
      }
      Versioned<Bytes> entry = entry(write.key());
      OptionalLong before = entry.appliedAt(write.nonce());
      if (before.isPresent()) {
        return new Outcome.Applied<>(before.getAsLong());
      }
      if (!holds(write.condition(), entry)) {
        return new Outcome.Conflict<>(decoded(entry));
      }
      if (entry.version() == 0 && entries.size() >= KEYS_MAX) {
        return new Outcome.Unknown<>(
            failure(KEYS_MAX + " keys (expected: fewer)", new Advice.Permanent()));
      }
      entries.put(write.key(), next(entry, value, write));
      return new Outcome.Applied<>(entry.version() + 1);
    } finally {
      lock.unlock();
    }
  }

  private static boolean holds(Write.Condition condition, Versioned<Bytes> entry) {
    if (condition instanceof Version expected) {
      return entry.version() == expected.version();
    }
    if (condition instanceof Absent) {
      return entry.value().isEmpty();
    }
    FenceMark mark = ((FenceAtMost) condition).mark();
    if (entry.fence().isPresent() && !entry.fence().get().lease().equals(mark.lease())) {
      throw new IllegalStateException(
          "lease: "
              + mark.lease().value()
              + " (expected: "
              + entry.fence().get().lease().value()
              + ", under which the key was written)");
    }
    return entry.fence().isEmpty() || entry.fence().get().token().compareTo(mark.token()) <= 0;
  }

  private static Versioned<Bytes> next(
      Versioned<Bytes> entry, Optional<Bytes> value, Write<?> write) {
    List<String> nonces = new ArrayList<>(List.of(write.nonce()));
    nonces.addAll(
        entry.nonces().subList(0, Math.min(entry.nonces().size(), Versioned.NONCES_KEPT - 1)));
    Optional<FenceMark> fence =
        write.condition() instanceof FenceAtMost at ? Optional.of(at.mark()) : entry.fence();
    return new Versioned<>(entry.version() + 1, value, fence, nonces);
  }

  private Versioned<Bytes> entry(Key key) {
    return entries.getOrDefault(key, Versioned.never());
  }

  private Bytes encoded(V value) {
    Bytes bytes = codec.encode(value);
    if (bytes.size() > VALUE_MAX) {
      throw new IllegalArgumentException(
          "value: " + bytes.size() + " bytes (expected: at most " + VALUE_MAX + ")");
    }
    return bytes;
  }

  private Versioned<V> decoded(Versioned<Bytes> entry) {
    return new Versioned<>(
        entry.version(), entry.value().map(codec::decode), entry.fence(), entry.nonces());
  }

  private static BackendException failure(String what, Advice advice) {
    return new BackendException("versioned: " + what, Effect.NONE, advice, null);
  }
}
