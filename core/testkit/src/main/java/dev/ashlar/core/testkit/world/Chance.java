package dev.ashlar.core.testkit.world;

/*
 * Chance without a stream
 * -----------------------
 *
 * A run draws for each message how long it takes and whether it is lost. From one stream of numbers, a
 * fault that is left out would shift all later draws, and a shrunken list would play in another world
 * than the one that failed. So each draw is a hash of what it is for: the seed, the two places, the number
 * of the message between them, and the question. The mixing is that of SplittableRandom.
 */

/** Draws that depend on nothing but what they are for. */
final class Chance {

  private Chance() {}

  static long mix(long one, long other) {
    long z = one + 0x9e3779b97f4a7c15L * (other + 1);
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  static long mix(long one, String other) {
    return mix(one, other.hashCode());
  }

  /** Returns 0 to below 1. */
  static double unit(long draw) {
    return (draw >>> 11) * 0x1.0p-53;
  }

  /** Returns 0 to below a length. */
  static long below(long draw, long length) {
    return (long) (unit(draw) * length);
  }
}
