package dev.ashlar.resilience.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Criticality;
import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.resilience.retry.BudgetPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What every budget of retries must do, as tests: CALL-11 to CALL-14.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 */
public abstract class RetryBudgetContract extends Contract {

  private static final long SECOND = 1_000_000_000;
  private static final long REAL_SECONDS = 30;

  /** For subclasses. */
  protected RetryBudgetContract() {}

  /** Opens a full budget. */
  protected abstract TestedBudget open(BudgetPolicy policy);

  @Override
  protected Set<String> guarantees() {
    return Set.of();
  }

  @Test
  @Proves("CALL-11")
  void retriesNeverExceedWhatWasSavedAndEarned() throws Exception {
    Seeds.check(
        300,
        (seed, random) -> {
          BudgetPolicy policy =
              new BudgetPolicy(
                  random.nextInt(11) / 10.0, random.nextInt(40) / 10.0, 1 + random.nextInt(20));
          TestedBudget budget = open(policy);
          long start = random.nextLong();
          long now = start;
          long retries = 0;
          long successes = 0;
          budget.balance(start);
          for (int event = 0; event < 400; event++) {
            now += random.nextLong(random.nextBoolean() ? 1000 : SECOND / 2);
            if (random.nextInt(3) == 0) {
              budget.succeeded(now);
              successes++;
            } else if (budget.tryWithdraw(Criticality.CRITICAL, now)) {
              retries++;
            }
            double seconds = (double) (now - start) / SECOND;
            double most =
                policy.capacity() + policy.floorPerSecond() * seconds + policy.ratio() * successes;
            assertThat((double) retries).isLessThanOrEqualTo(most + 1e-6);
          }
        });
  }

  @Test
  @Proves("CALL-12")
  void inATotalOutageRetriesComeDownToTheFloor() {
    TestedBudget budget = open(new BudgetPolicy(0.1, 2, 50));
    int[] bySecond = new int[60];
    for (int millis = 0; millis < 60_000; millis++) {
      if (budget.tryWithdraw(Criticality.CRITICAL, millis * (SECOND / 1000))) {
        bySecond[millis / 1000]++;
      }
    }

    assertThat(bySecond[0]).isBetween(50, 52);
    for (int second = 1; second < 60; second++) {
      assertThat(bySecond[second]).as("second %s", second).isEqualTo(2);
    }
  }

  @Test
  @Proves("CALL-12")
  void onlySuccessesEarn() {
    TestedBudget budget = open(new BudgetPolicy(0.1, 0, 10));
    spendAll(budget);
    for (int i = 0; i < 10; i++) {
      assertThat(budget.tryWithdraw(Criticality.CRITICAL, 0)).isFalse();
      budget.succeeded(0);
    }

    assertThat(budget.tryWithdraw(Criticality.CRITICAL, 0)).isTrue();
    assertThat(budget.tryWithdraw(Criticality.CRITICAL, 0)).isFalse();
  }

  private static int spendAll(TestedBudget budget) {
    int spent = 0;
    while (budget.tryWithdraw(Criticality.CRITICAL, 0)) {
      spent++;
    }
    return spent;
  }

  @Test
  @Proves("CALL-13")
  void threadsTogetherTakeNoMoreThanThereIs() throws Exception {
    int threads = 8;
    for (int round = 0; round < 20; round++) {
      TestedBudget budget = open(new BudgetPolicy(0, 0, 5000));
      CyclicBarrier together = new CyclicBarrier(threads);
      List<FutureTask<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        FutureTask<Integer> task =
            new FutureTask<>(
                () -> {
                  together.await(REAL_SECONDS, TimeUnit.SECONDS);
                  return spendAll(budget);
                });
        tasks.add(task);
        new Thread(task, "spender-" + i).start();
      }
      int spent = 0;
      for (FutureTask<Integer> task : tasks) {
        spent += task.get(REAL_SECONDS, TimeUnit.SECONDS);
      }

      assertThat(spent).isEqualTo(5000);
      assertThat(budget.balance(0)).isZero();
    }
  }

  @Test
  @Proves("CALL-14")
  void aRefusalChangesNothing() {
    TestedBudget budget = open(new BudgetPolicy(0.4, 0, 3));
    spendAll(budget);
    budget.succeeded(0);
    double before = budget.balance(0);

    for (int i = 0; i < 100; i++) {
      assertThat(budget.tryWithdraw(Criticality.CRITICAL, 0)).isFalse();
    }

    assertThat(budget.balance(0)).isEqualTo(before).isEqualTo(0.4);
  }

  @Test
  @Proves("CALL-14")
  void whoIsRefusedForCriticalityLeavesTheRestToOthers() {
    TestedBudget budget = open(new BudgetPolicy(0, 0, 8));
    int sheddable = 0;
    while (budget.tryWithdraw(Criticality.SHEDDABLE, 0)) {
      sheddable++;
    }
    int sheddablePlus = 0;
    while (budget.tryWithdraw(Criticality.SHEDDABLE_PLUS, 0)) {
      sheddablePlus++;
    }

    // Each takes while the balance is not below its reserve: half, a quarter.
    assertThat(sheddable).isEqualTo(5);
    assertThat(sheddablePlus).isEqualTo(2);
    assertThat(spendAll(budget)).isEqualTo(1);
  }
}
