package dev.ashlar.resilience.testkit;

import dev.ashlar.core.Criticality;
import dev.ashlar.resilience.retry.RetryBudget;

/** What {@link RetryBudgetContract} needs of a budget; each method is told the elapsed time. */
public interface TestedBudget {

  /** Notes a success. */
  void succeeded(long nowNanos);

  /** Takes a retry out, if there is one. */
  boolean tryWithdraw(Criticality criticality, long nowNanos);

  /** Returns the saved retries. */
  double balance(long nowNanos);

  /** Returns what the contract sees of a {@link RetryBudget}. */
  static TestedBudget of(RetryBudget budget) {
    return new TestedBudget() {
      @Override
      public void succeeded(long nowNanos) {
        budget.succeeded(nowNanos);
      }

      @Override
      public boolean tryWithdraw(Criticality criticality, long nowNanos) {
        return budget.tryWithdraw(criticality, nowNanos);
      }

      @Override
      public double balance(long nowNanos) {
        return budget.balance(nowNanos);
      }
    };
  }
}
