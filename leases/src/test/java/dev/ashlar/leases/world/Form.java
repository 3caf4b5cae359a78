package dev.ashlar.leases.world;

import java.util.EnumSet;
import java.util.Set;

/** A form of the protocol: the same code with some of its defences. */
record Form(Set<Defence> defences) {

  /** The protocol as it is meant. */
  static final Form WHOLE = new Form(EnumSet.allOf(Defence.class));

  static Form without(Defence taken) {
    return new Form(EnumSet.complementOf(EnumSet.of(taken)));
  }

  boolean has(Defence defence) {
    return defences.contains(defence);
  }
}
