package dev.ashlar.leases.versioned;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/*
 * Whose write was it?
 * -------------------
 * Each write adds exactly one to the version, so the last nonces, newest first, are those of the
 * versions from the current one down:
 *
 *   version   41   40   39   38   ...                    a write that expected 38 could only be 39
 *   nonces    q    x    k    w    (16 or more of them)
 *
 * A write with the nonce x that expected version e was applied if, and only if, x stands at e + 1.
 * The last nonce alone would tell nothing as soon as somebody has written on top.
 */

/**
 * What a key holds: a value or none, and the version of that.
 *
 * <p><b>Guarantees.</b> {@link #fateOf} never guesses: what it calls applied was applied, and what
 * it calls refused never will be (LEASE-95).
 *
 * <p><b>Threads.</b> Immutable, if the value is.
 *
 * <p><b>Limits.</b> A store keeps the nonces of the last {@value #NONCES_KEPT} writes of a key at
 * least, half a kilobyte; of a write with more of them on top nobody can tell whether it was
 * applied.
 *
 * @param version how often the key was written, deletions included; zero if never
 * @param value none if the key was never written, or was deleted
 * @param fence the largest number that it was written with, if it ever was with one
 * @param nonces of the last writes, the newest first
 * @param <V> the value
 */
public record Versioned<V>(
    long version, Optional<V> value, Optional<FenceMark> fence, List<String> nonces) {

  /** How many nonces a store keeps at least. */
  public static final int NONCES_KEPT = 16;

  /** Checks the parts, and copies. */
  public Versioned {
    if (version < 0) {
      throw new IllegalArgumentException("version: " + version + " (expected: >= 0)");
    }
    requireNonNull(value, "value");
    requireNonNull(fence, "fence");
    nonces = List.copyOf(nonces);
    if (nonces.size() > version) {
      throw new IllegalArgumentException(
          "nonces: " + nonces.size() + " (expected: at most " + version + ", the version)");
    }
  }

  /** What became of a write. */
  public enum Fate {
    /** It was applied, once. */
    APPLIED,
    /** It was not applied by then. A request under way may still be. */
    NOT_YET,
    /** It was not applied, and never will be: somebody else's write took the version. */
    REFUSED,
    /** So many writes came on top that nobody can tell. */
    FORGOTTEN
  }

  /** Returns what a key holds that was never written. */
  public static <V> Versioned<V> never() {
    return new Versioned<>(0, Optional.empty(), Optional.empty(), List.of());
  }

  /**
   * Returns what had become of a write when this was read.
   *
   * @param nonce of the write
   * @param expected the version that it was to replace
   */
  public Fate fateOf(String nonce, long expected) {
    if (expected >= version) {
      return Fate.NOT_YET;
    }
    long age = version - expected - 1;
    if (age >= nonces.size()) {
      return Fate.FORGOTTEN;
    }
    return nonces.get((int) age).equals(nonce) ? Fate.APPLIED : Fate.REFUSED;
  }

  /** Returns the version that a write made, if it is one of the last. */
  public OptionalLong appliedAt(String nonce) {
    int age = nonces.indexOf(nonce);
    return age < 0 ? OptionalLong.empty() : OptionalLong.of(version - age);
  }

  /** Shows everything but the value. */
  @Override
  public String toString() {
    return "version " + version + (value.isPresent() ? "" : ", no value");
  }
}
