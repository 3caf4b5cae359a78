package dev.ashlar.leases.detect;

/*
 * Q(y), the probability that a standard normal variable exceeds y, is 10^-9 at six and smaller than any
 * double at 39, so its logarithm is computed and never Q itself:
 *
 *   y < 0        1 - Q(-y), by log1p
 *   0 <= y < 3   1/2 - density(y) * (y + y^3/3 + y^5/(3*5) + y^7/(3*5*7) + ...)
 *   3 <= y       log density(y) - log(y + 1/(y + 2/(y + 3/(y + ...))))
 *
 * The series is Laplace's, the fraction Mills' ratio; at three both are good to 13 digits. Pekko and Akka
 * take a logistic curve for the tail: at a threshold of eight it suspects about seven per cent of the way
 * earlier, and it is infinite where its exponential underflows.
 */

/** The upper tail of the normal distribution, as a logarithm. */
final class NormalTail {

  private static final double LN_10 = Math.log(10);
  private static final double HALF_LN_2_PI = 0.5 * Math.log(2 * Math.PI);
  private static final double FRACTION_FROM = 3;
  private static final int FRACTION_DEPTH = 60;

  private NormalTail() {}

  /** Returns minus the decimal logarithm of Q; zero or more, finite for every finite number. */
  static double minusLog10(double y) {
    return -ln(Math.max(-1e150, Math.min(1e150, y))) / LN_10;
  }

  private static double ln(double y) {
    if (y < 0) {
      return Math.log1p(-Math.exp(ln(-y)));
    }
    return y < FRACTION_FROM ? Math.log(nearQ(y)) : lnDensity(y) - Math.log(fraction(y));
  }

  private static double lnDensity(double y) {
    return -y * y / 2 - HALF_LN_2_PI;
  }

  private static double nearQ(double y) {
    double term = y;
    double sum = y;
    for (int k = 3; term > sum * 1e-17; k += 2) {
      term *= y * y / k;
      sum += term;
    }
    return 0.5 - Math.exp(lnDensity(y)) * sum;
  }

  private static double fraction(double y) {
    double value = y;
    for (int k = FRACTION_DEPTH; k >= 1; k--) {
      value = y + k / value;
    }
    return value;
  }
}
