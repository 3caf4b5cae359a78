package dev.ashlar.resilience.retry;

/**
 * How many of the requests to a backend may be retries.
 *
 * <p><b>Threads.</b> Immutable; each {@code with} method returns a changed copy.
 *
 * <p><b>Limits.</b> {@link #standard()} earns a tenth of a retry with each success, the share that
 * the Site Reliability Engineering book, gRPC and MongoDB's drivers chose; one retry a second
 * besides, so that a client with little traffic can retry at all; and keeps at most 100. A floor is
 * per process: a thousand clients with a floor of 1 may send a thousand retries a second.
 *
 * @param ratio retries earned by one success
 * @param floorPerSecond retries that time alone gives
 * @param capacity the most retries that are saved; a new budget starts with them
 */
public record BudgetPolicy(double ratio, double floorPerSecond, int capacity) {

  private static final int CAPACITY_MAX = 1_000_000;
  private static final double FLOOR_MAX = 1000;

  /** Checks the bounds. */
  public BudgetPolicy {
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new IllegalArgumentException("ratio: " + ratio + " (expected: 0 to 1)");
    }
    if (!(floorPerSecond >= 0 && floorPerSecond <= FLOOR_MAX)) {
      throw new IllegalArgumentException(
          "floorPerSecond: " + floorPerSecond + " (expected: 0 to " + FLOOR_MAX + ")");
    }
    if (capacity < 1 || capacity > CAPACITY_MAX) {
      throw new IllegalArgumentException(
          "capacity: " + capacity + " (expected: 1 to " + CAPACITY_MAX + ")");
    }
  }

  /** Returns a tenth of the successes, one a second, a hundred saved. */
  public static BudgetPolicy standard() {
    return new BudgetPolicy(0.1, 1, 100);
  }

  /** Returns this policy with another share of the successes. */
  public BudgetPolicy withRatio(double changed) {
    return new BudgetPolicy(changed, floorPerSecond, capacity);
  }

  /** Returns this policy with another floor. */
  public BudgetPolicy withFloorPerSecond(double changed) {
    return new BudgetPolicy(ratio, changed, capacity);
  }

  /** Returns this policy with another capacity. */
  public BudgetPolicy withCapacity(int changed) {
    return new BudgetPolicy(ratio, floorPerSecond, changed);
  }
}
