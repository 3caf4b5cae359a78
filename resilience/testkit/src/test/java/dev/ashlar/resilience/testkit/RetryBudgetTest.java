package dev.ashlar.resilience.testkit;

import dev.ashlar.core.testkit.Subject;
import dev.ashlar.resilience.retry.BudgetPolicy;
import dev.ashlar.resilience.retry.RetryBudget;

@Subject("pipeline")
class RetryBudgetTest extends RetryBudgetContract {

  @Override
  protected TestedBudget open(BudgetPolicy policy) {
    return TestedBudget.of(RetryBudget.of(policy));
  }
}
