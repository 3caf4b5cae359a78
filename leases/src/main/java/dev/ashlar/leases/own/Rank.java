package dev.ashlar.leases.own;

import java.nio.charset.StandardCharsets;

/*
 * The order, for whoever computes it in another language. All numbers are 64 bits, unsigned, and wrap.
 *
 *   fnv(s)        FNV-1a over the bytes of s in UTF-8:
 *                 h = cbf29ce484222325; for each byte: h = (h xor byte) * 100000001b3
 *   mix(z)        the end of SplitMix64:
 *                 z = (z xor z >> 30) * bf58476d1ce4e5b9
 *                 z = (z xor z >> 27) * 94d049bb133111eb
 *                 z xor z >> 31
 *   draw(p, m)    mix(31 * mix(fnv(p)) + mix(fnv(m)))
 *   cost(d, w)    (minus log2 of (d >> 11) + 1 over 2^53, in units of 2^-32) * 2^20 / w, rounded down
 *
 * Of two members, a partition prefers the one with the lower cost; then with the larger draw; then with
 * the lower id. Of two partitions, a member prefers the one with the larger draw, then with the lower name.
 * If all weights are equal, costs are in the order of draws and need not be computed.
 *
 * Minus the logarithm of a uniform draw, divided by the weight, is the time until the first of w events a
 * second: the member whose event comes first wins, and each wins in proportion to its weight (weighted
 * rendezvous; Ceph's straw2 draws likewise). The logarithm is of integers, because those of two languages'
 * libraries differ in the last bit: 53 less the exponent, and 32 bits by squaring a mantissa of 32.
 *
 *   partition  member  weight  draw              cost
 *   p-0        a       1       f0c07f2ec0e7ec5b  399002639007744
 *   p-0        a       3       f0c07f2ec0e7ec5b  133000879669248
 *   p-0        b       1       bbc3f12a9b5dde6b  2014066421792768
 *   p-1        a       1       10afcd9e6015469a  17741347661283328
 *   orders.17  host-1  1       b3d67f8f06b6b521  2294344624111616
 */

/** How much a partition and a member like each other. */
final class Rank {

  private static final long FNV_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;
  private static final int DRAW_BITS = 53;
  private static final int FRACTION_BITS = 32;
  private static final int WEIGHT_BITS = 20;

  private Rank() {}

  /** Returns the part of the draw that belongs to one name. */
  static long seed(String name) {
    long hash = FNV_BASIS;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return mix(hash);
  }

  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }

  static long draw(long partitionSeed, long memberSeed) {
    return mix(31 * partitionSeed + memberSeed);
  }

  static long cost(long draw, int weight) {
    return (minusLog2(draw) << WEIGHT_BITS) / weight;
  }

  /** Never falls as the draw falls, so equal weights give the order of draws. */
  private static long minusLog2(long draw) {
    long value = (draw >>> (Long.SIZE - DRAW_BITS)) + 1;
    int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(value);
    // The mantissa is 1 to 2, with 31 bits behind the point.
    long mantissa = exponent > 31 ? value >>> (exponent - 31) : value << (31 - exponent);
    long log = exponent;
    for (int i = 0; i < FRACTION_BITS; i++) {
      mantissa = (mantissa * mantissa) >>> 31;
      long bit = mantissa >>> 32;
      mantissa >>>= bit;
      log = (log << 1) | bit;
    }
    return ((long) DRAW_BITS << FRACTION_BITS) - log;
  }
}
