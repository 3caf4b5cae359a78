package dev.ashlar.resilience.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.RetryRight;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.resilience.Call;
import dev.ashlar.resilience.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Who retries where several layers could. */
abstract class OwnershipProperties extends RetryProperties {

  private static final int HOPS = 3;

  @Test
  @Proves("CALL-24")
  void belowAnOwnerThereIsOneAttempt() throws Exception {
    List<BackendException> failures = List.of(unknown(), certain(), overloaded(SECOND));
    for (RetryRight right : List.of(RetryRight.OWNED_ABOVE, RetryRight.NONE)) {
      for (BackendException failure : failures) {
        Script script = new Script(failure, failure, failure);

        Outcome<String> outcome =
            run(open(generous().withIdempotent()), context().withRetryRight(right), script);

        assertThat(script.attempts()).as("%s, %s", right, failure.advice()).isEqualTo(1);
        assertThat(script.contexts.get(0).retryRight()).isEqualTo(right);
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
      }
    }
  }

  @Test
  @Proves("CALL-24")
  void ofSeveralLayersTheHighestRetriesAlone() throws Exception {
    int[] leaf = new int[1];
    int attempts = throughHops(UnaryOperator.identity(), leaf, unknown());

    assertThat(leaf[0]).isEqualTo(3);
    assertThat(attempts).isEqualTo(3);
  }

  @Test
  @Proves("CALL-7")
  void aPermanentFailureIsRepeatedAtNoLayer() throws Exception {
    int[] leaf = new int[1];
    // Also where a hop has lost the owner's mark, as an old service between two new ones does.
    int attempts =
        throughHops(context -> context.withRetryRight(RetryRight.FREE), leaf, permanent());

    assertThat(leaf[0]).isEqualTo(1);
    assertThat(attempts).isEqualTo(1);
  }

  /** Calls through hops that each would make three attempts; returns the attempts of the first. */
  private int throughHops(UnaryOperator<CallContext> hop, int[] leaf, BackendException failure)
      throws InterruptedException {
    Call<String> inner =
        attempt -> {
          leaf[0]++;
          throw failure;
        };
    for (int i = 1; i < HOPS; i++) {
      inner = behind(open(generous().withIdempotent()), hop, inner);
    }
    Outcome<String> outcome = run(open(generous().withIdempotent()), context(), inner);
    return ((Outcome.Failed<String>) outcome).attempts();
  }

  private static Call<String> behind(
      TestedPipeline pipeline, UnaryOperator<CallContext> hop, Call<String> inner) {
    return attempt -> run(pipeline, hop.apply(attempt), inner).orThrow();
  }

  @Test
  @Proves("CALL-17")
  void noAttemptHasMoreTimeThanItsCaller() throws Exception {
    Script script = new Script(certain(), certain());
    script.takes = Duration.ofMillis(700);
    CallContext caller = context(Duration.ofSeconds(40));
    List<Duration> left = new ArrayList<>();

    run(
        open(generous()),
        caller,
        attempt -> {
          left.add(attempt.deadline().remaining());
          assertThat(attempt.deadline().remaining())
              .isLessThanOrEqualTo(caller.deadline().remaining());
          return script.run(attempt);
        });

    assertThat(left).hasSize(3).isSortedAccordingTo((one, other) -> other.compareTo(one));
  }
}
