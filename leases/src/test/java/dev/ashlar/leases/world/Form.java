package dev.ashlar.leases.world;

import java.util.EnumSet;
import java.util.Set;

/**
 * A form of the protocol: the same code with some of its defences.
 *
 * @param defences that it has
 * @param taken away, also if a world would use it
 */
record Form(Set<Defence> defences, Set<Defence> taken) {

  /** The protocol as it is meant, without options. */
  static final Form WHOLE =
      new Form(
          EnumSet.complementOf(EnumSet.copyOf(Defence.OPTIONS)), EnumSet.noneOf(Defence.class));

  static Form without(Defence taken) {
    Set<Defence> others = EnumSet.copyOf(WHOLE.defences);
    others.remove(taken);
    return new Form(others, EnumSet.of(taken));
  }

  /** Returns this form with options, unless they are what is taken away. */
  Form using(Set<Defence> options) {
    Set<Defence> more = EnumSet.copyOf(defences);
    more.addAll(options);
    more.removeAll(taken);
    return new Form(more, taken);
  }

  boolean has(Defence defence) {
    return defences.contains(defence);
  }
}
