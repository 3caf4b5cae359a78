package dev.ashlar.leases.detect;

import dev.ashlar.core.IdSource;

/**
 * One process of a group.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param id like no other's of the group; 1 to 64 of A-Z a-z 0-9 . _ -
 * @param weight how much it can carry in relation to others, 1 to 1000
 * @param address where it is reached, for the transport to read; up to 256 characters
 */
public record Member(String id, int weight, String address) {

  /** Checks the parts. */
  public Member {
    if (!IdSource.isWellFormed(id)) {
      throw new IllegalArgumentException(
          "id: " + id.length() + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
    if (weight < 1 || weight > 1000) {
      throw new IllegalArgumentException("weight: " + weight + " (expected: 1 to 1000)");
    }
    if (address.length() > 256) {
      throw new IllegalArgumentException(
          "address: " + address.length() + " characters (expected: up to 256)");
    }
  }

  /** Returns a member of weight 1 that is reached by its id. */
  public static Member of(String id) {
    return new Member(id, 1, id);
  }
}
