package dev.ashlar.leases;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.IdSource;

/**
 * One try of one owner to hold a lease, and, if it is granted, its holder.
 *
 * <p>The nonce is what makes requests safe to repeat: a store that is asked again by the same
 * contender answers with the same grant, and never takes the grant of another try for it. An owner
 * that tries again later comes as another contender.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param lease what for
 * @param owner who, for people to read: a host, a process; 1 to 64 of A-Z a-z 0-9 . _ -
 * @param nonce like no other contender's, ever; same characters
 */
public record Contender(LeaseName lease, String owner, String nonce) {

  /** Checks the parts. */
  public Contender {
    requireNonNull(lease, "lease");
    check("owner", owner);
    check("nonce", nonce);
  }

  private static void check(String what, String text) {
    if (!IdSource.isWellFormed(text)) {
      throw new IllegalArgumentException(
          what + ": " + text.length() + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
  }

  /** Returns a new contender with a fresh nonce. */
  public static Contender of(LeaseName lease, String owner, IdSource ids) {
    return new Contender(lease, owner, ids.text());
  }
}
