package dev.ashlar.leases.versioned;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.IdSource;
import dev.ashlar.leases.Fence;
import java.util.Optional;

/**
 * One write on a condition: a value that can be sent again.
 *
 * <p>The nonce is what makes it safe to repeat, and what tells afterwards whether it was carried
 * out. Another write, also of the same value, is another object with another nonce.
 *
 * <p><b>Failures.</b> {@link IllegalArgumentException} for a nonce beyond its bounds, and for the
 * deletion of what is to be absent.
 *
 * <p><b>Threads.</b> Immutable, if the value is.
 *
 * @param key of what
 * @param value from now on; empty to delete it
 * @param condition without which nothing is written
 * @param nonce like no other write's, ever; 1 to 32 of A-Z a-z 0-9 . _ -
 * @param <V> the value
 */
public record Write<V>(Key key, Optional<V> value, Condition condition, String nonce) {

  /** The longest nonce; those of {@link IdSource} have 26 characters. */
  public static final int NONCE_MAX = 32;

  /** Checks the parts. */
  public Write {
    requireNonNull(key, "key");
    requireNonNull(value, "value");
    requireNonNull(condition, "condition");
    if (nonce.length() > NONCE_MAX || !IdSource.isWellFormed(nonce)) {
      throw new IllegalArgumentException(
          "nonce: " + nonce.length() + " characters (expected: 1 to 32 of A-Z a-z 0-9 . _ -)");
    }
    if (value.isEmpty() && condition instanceof Absent) {
      throw new IllegalArgumentException("value: none (expected: one, if the key is absent)");
    }
  }

  /** What must hold at the moment of the write. */
  public sealed interface Condition {}

  /** The key has no value: it never had one, or it was deleted. */
  public record Absent() implements Condition {}

  /**
   * The key has not been written since.
   *
   * @param version as read; zero if the key was never written
   */
  public record Version(long version) implements Condition {

    /** Checks the number. */
    public Version {
      if (version < 0) {
        throw new IllegalArgumentException("version: " + version + " (expected: >= 0)");
      }
    }
  }

  /**
   * The key has not been written with a larger number of the same lease. The write leaves its own.
   *
   * @param mark the writer's
   */
  public record FenceAtMost(FenceMark mark) implements Condition {

    /** Checks the part. */
    public FenceAtMost {
      requireNonNull(mark, "mark");
    }
  }

  /** Returns a write that creates, where nothing is. */
  public static <V> Write<V> putIfAbsent(Key key, V value, String nonce) {
    return new Write<>(key, Optional.of(value), new Absent(), nonce);
  }

  /**
   * Returns a write that replaces what was read.
   *
   * @param version as read; also that of a key without a value, which is safer than {@link
   *     #putIfAbsent} since it notices a value that has come and gone
   */
  public static <V> Write<V> putIfVersion(Key key, V value, long version, String nonce) {
    return new Write<>(key, Optional.of(value), new Version(version), nonce);
  }

  /**
   * Returns a write that replaces whatever is there, unless a later holder has written. One that
   * has claimed, and not written yet, keeps nobody out by this; see {@link
   * MemoryConditionalStore#under}.
   */
  public static <V> Write<V> putIfFence(Key key, V value, Fence fence, String nonce) {
    return new Write<>(key, Optional.of(value), new FenceAtMost(FenceMark.of(fence)), nonce);
  }

  /** Returns a write that deletes what was read. The key keeps its version, and counts on. */
  public static <V> Write<V> deleteIfVersion(Key key, long version, String nonce) {
    return new Write<>(key, Optional.empty(), new Version(version), nonce);
  }

  /** Shows everything but the value. */
  @Override
  public String toString() {
    return "Write of " + key.value() + " if " + condition + ", nonce " + nonce;
  }
}
