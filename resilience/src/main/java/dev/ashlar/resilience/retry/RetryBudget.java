package dev.ashlar.resilience.retry;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Criticality;
import java.util.concurrent.locks.ReentrantLock;

/*
 * A bucket of tokens, counted in billionths of a token, so that a ratio of 0.1 adds up exactly and a
 * nanosecond at one token a second is one unit:
 *
 *     success ── + ratio ──▶ ┌──────────┐ ── 1 ──▶ retry
 *     time ───── + floor ──▶ │ capacity │
 *                            └──────────┘
 *
 * It is fed by successes, not by requests: when nothing succeeds nothing is earned, and what a total
 * outage sees of retries is the floor. Fed by requests, the load on a backend that is down stays
 * higher by the ratio for as long as it is down, which is when it can least bear it.
 *
 * What is rounded is rounded down.
 */

/**
 * The allowance that all retries to one backend share: a share of its successes.
 *
 * <p>A limit on attempts bounds what one request costs; it does not bound the load, which is three
 * times as high when every request fails three times. The budget does: when much fails, few
 * requests are retried.
 *
 * <p><b>Guarantees.</b> From the beginning up to any moment {@code t} seconds later, there are at
 * most {@code capacity + floor * t + ratio * successes} retries (CALL-11). While nothing succeeds,
 * retries come down to the floor once the saved ones are spent (CALL-12). A refusal changes nothing
 * (CALL-14), and the balance is never below zero, from any number of threads (CALL-13). What was
 * spent stays spent from call to call (CALL-16).
 *
 * <p><b>Not guaranteed.</b> Anything about other processes: each has its own budget.
 *
 * <p><b>Threads.</b> Safe. It is told the time; a time before one that it was told counts as that.
 *
 * <p><b>Limits.</b> {@link BudgetPolicy}. The least critical requests leave half of the capacity
 * untouched, sheddable-plus ones a quarter, so that prefetching cannot spend what an order needs.
 *
 * @see <a href="https://finagle.github.io/blog/2016/02/08/retry-budgets/">Retry budgets in
 *     Finagle</a>
 */
public final class RetryBudget {

  private static final long TOKEN = 1_000_000_000;

  private final BudgetPolicy policy;
  private final long capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private long balance;
  private long toldNanos;
  private boolean told;

  private RetryBudget(BudgetPolicy policy) {
    this.policy = policy;
    this.capacity = policy.capacity() * TOKEN;
    this.balance = capacity;
  }

  /** Returns a full budget. */
  public static RetryBudget of(BudgetPolicy policy) {
    return new RetryBudget(requireNonNull(policy, "policy"));
  }

  /** Returns how the budget fills. */
  public BudgetPolicy policy() {
    return policy;
  }

  /**
   * Notes that a request succeeded.
   *
   * @param nowNanos the elapsed clock
   */
  public void succeeded(long nowNanos) {
    lock.lock();
    try {
      refill(nowNanos);
      balance = Math.min(capacity, balance + (long) (policy.ratio() * TOKEN));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes one retry out, if there is one for requests of that criticality.
   *
   * @param criticality of the request that would be retried
   * @param nowNanos the elapsed clock
   */
  public boolean tryWithdraw(Criticality criticality, long nowNanos) {
    lock.lock();
    try {
      refill(nowNanos);
      if (balance < Math.max(TOKEN, reserve(criticality))) {
        return false;
      }
      balance -= TOKEN;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Puts a retry back that was taken out and not made. */
  public void giveBack() {
    lock.lock();
    try {
      balance = Math.min(capacity, balance + TOKEN);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns how many retries are saved.
   *
   * @param nowNanos the elapsed clock
   */
  public double balance(long nowNanos) {
    lock.lock();
    try {
      refill(nowNanos);
      return (double) balance / TOKEN;
    } finally {
      lock.unlock();
    }
  }

  private long reserve(Criticality criticality) {
    return switch (criticality) {
      case CRITICAL_PLUS, CRITICAL -> 0;
      case SHEDDABLE_PLUS -> capacity / 4;
      case SHEDDABLE -> capacity / 2;
    };
  }

  /**
   * A second is {@link #TOKEN} nanoseconds, so nanoseconds times the floor are units. Time that has
   * not earned a whole unit yet is kept, or frequent questions would stop a low floor.
   */
  private void refill(long nowNanos) {
    if (!told) {
      told = true;
      toldNanos = nowNanos;
    }
    long elapsed = nowNanos - toldNanos;
    double earned = elapsed * policy.floorPerSecond();
    if (earned >= 1) {
      toldNanos = nowNanos;
      balance = earned >= capacity ? capacity : Math.min(capacity, balance + (long) earned);
    }
  }

  @Override
  public String toString() {
    return "RetryBudget of " + policy;
  }
}
