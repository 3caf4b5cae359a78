package dev.ashlar.core.review;

import java.util.Set;

/**
 * Members of a type, by name.
 *
 * @param owner the type that declares them
 * @param members methods or fields; {@code <init>} for constructors
 */
record Target(String owner, Set<String> members) {

  static Target of(String owner, String... members) {
    return new Target(owner, Set.of(members));
  }
}
