package dev.ashlar.resilience.retry;

/** Why there is no further attempt, in the order in which the reasons are looked at. */
public enum StopReason {
  /** Another try fails in the same way: the advice is permanent. */
  PERMANENT,
  /** It may have been done already, and doing it twice is not as good as once. */
  EFFECT_UNKNOWN,
  /** The policy allows no more attempts. */
  ATTEMPTS_SPENT,
  /** A layer above retries, or nobody may. */
  NOT_THE_OWNER,
  /** The wait would end at the deadline or after it. */
  DEADLINE,
  /** Too much of what goes to this backend are retries already. */
  BUDGET_SPENT,
  /** The call was refused here, before anything was sent: the breaker is open. */
  REFUSED_HERE
}
