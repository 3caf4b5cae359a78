package dev.ashlar.examples.sharednothing;

import java.util.SortedSet;
import java.util.TreeSet;

/** Which partition a key is in. The number of partitions never changes; that of nodes does. */
final class Partitions {

  static final int COUNT = 12;

  private Partitions() {}

  static SortedSet<String> all() {
    SortedSet<String> all = new TreeSet<>();
    for (int i = 0; i < COUNT; i++) {
      all.add(name(i));
    }
    return all;
  }

  /** The language says what the hash of a text is, so all processes agree. */
  static String of(String key) {
    return name(Math.floorMod((key.hashCode() * 0x9E3779B9) >>> 16, COUNT));
  }

  private static String name(int number) {
    return "p%02d".formatted(number);
  }
}
