package dev.ashlar.resilience.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Effect;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.resilience.Outcome;
import dev.ashlar.resilience.PipelinePolicy;
import dev.ashlar.resilience.retry.Backoff;
import dev.ashlar.resilience.retry.RetryPolicy;
import dev.ashlar.resilience.retry.StopReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How often there is another attempt, after which failure and when. */
abstract class RetryProperties extends PipelineFixture {

  private static final int DRAWS = 100_000;
  private static final int CLIENTS = 1000;
  private static final Duration SLOT = Duration.ofMillis(10);

  @Test
  @Proves("CALL-1")
  void attemptsNeverExceedThePolicysWhateverFails() throws Exception {
    Seeds.check(
        500,
        (seed, random) -> {
          int attemptsMax = 1 + random.nextInt(6);
          PipelinePolicy policy = generous().withRetry(retry(attemptsMax, SECOND));
          Script script = new Script(anyFailures(random, 1 + random.nextInt(10)));

          Outcome<String> outcome =
              run(open(random.nextBoolean() ? policy.withIdempotent() : policy), context(), script);

          assertThat(script.attempts()).isBetween(1, attemptsMax);
          if (outcome instanceof Outcome.Failed<String> failed) {
            assertThat(failed.attempts()).isEqualTo(script.attempts());
          }
        });
  }

  private static BackendException[] anyFailures(RandomGenerator random, int count) {
    return Stream.generate(() -> anyFailure(random)).limit(count).toArray(BackendException[]::new);
  }

  private static BackendException anyFailure(RandomGenerator random) {
    Effect effect = random.nextInt(4) == 0 ? Effect.UNKNOWN : Effect.NONE;
    return switch (random.nextInt(8)) {
      case 0 -> failure(effect, new Advice.Permanent());
      case 1 -> failure(effect, new Advice.Overloaded(Duration.ofMillis(random.nextInt(9000))));
      default -> failure(effect, new Advice.Transient());
    };
  }

  @Test
  @Proves("CALL-1")
  void whatSucceedsIsDoneOnceAndWhatKeepsFailingAsOftenAsAllowed() throws Exception {
    Script succeeding = new Script();
    Script failing = new Script(certain(), certain(), certain(), certain(), certain());
    TestedPipeline pipeline = open(generous().withRetry(retry(4, SECOND)));

    Outcome<String> answered = run(pipeline, context(), succeeding);
    Outcome<String> failed = run(pipeline, context(), failing);

    assertThat(answered).isEqualTo(new Outcome.Ok<>("answer", 1));
    assertThat(succeeding.attempts()).isEqualTo(1);
    assertThat(failing.attempts()).isEqualTo(4);
    assertThat(failed)
        .isEqualTo(
            new Outcome.Failed<String>(failing.failures.get(3), 4, StopReason.ATTEMPTS_SPENT));
  }

  @Test
  @Proves("CALL-2")
  void everyWaitLiesBelowItsBound() throws Exception {
    Backoff backoff = new Backoff(Duration.ofMillis(50), Duration.ofMillis(300));
    PipelinePolicy policy =
        generous().withRetry(RetryPolicy.standard().withAttemptsMax(6).withBackoff(backoff));
    List<Duration> bounds =
        Stream.of(50, 100, 200, 300, 300).map(each -> Duration.ofMillis(each)).toList();
    Seeds.check(
        200,
        (seed, random) -> {
          Script script = new Script(certain(), certain(), certain(), certain(), certain());
          run(open(policy, random), context(), script);

          for (int retry = 1; retry <= bounds.size(); retry++) {
            assertThat(script.waitBefore(retry)).isBetween(Duration.ZERO, bounds.get(retry - 1));
          }
        });
  }

  @Test
  @Proves("CALL-2")
  void waitsAreDrawnFromTheWholeInterval() throws Exception {
    TestedPipeline pipeline = open(generous().withRetry(retry(2, SECOND)));
    double sum = 0;
    for (int i = 0; i < DRAWS; i++) {
      Script script = new Script(certain());
      run(pipeline, context(), script);
      sum += script.waitBefore(1).toNanos();
    }

    assertThat(sum / DRAWS / SECOND.toNanos()).isBetween(0.49, 0.51);
  }

  @Test
  @Proves("CALL-3")
  void oneSeedGivesOneSchedule() throws Exception {
    assertThat(schedule(17)).isEqualTo(schedule(17)).isNotEqualTo(schedule(18));
  }

  private List<Duration> schedule(long seed) throws InterruptedException {
    Script script = new Script(certain(), certain(), certain());
    run(
        open(generous().withRetry(retry(4, SECOND)), new SplittableRandom(seed)),
        context(),
        script);
    return List.of(script.waitBefore(1), script.waitBefore(2), script.waitBefore(3));
  }

  @Test
  @Proves("CALL-3")
  void clientsThatFailTogetherComeBackApart() throws Exception {
    PipelinePolicy policy = generous().withRetry(retry(2, SECOND));
    Map<Long, Integer> slots = new HashMap<>();
    for (int client = 0; client < CLIENTS; client++) {
      Script script = new Script(certain());
      run(open(policy, new SplittableRandom(client)), context(), script);
      slots.merge(script.waitBefore(1).dividedBy(SLOT), 1, Integer::sum);
    }

    int mean = (int) (CLIENTS / SECOND.dividedBy(SLOT));
    assertThat(slots.values()).allSatisfy(n -> assertThat(n).isLessThanOrEqualTo(3 * mean));
  }

  @Test
  @Proves("CALL-4")
  void aBackendsRetryAfterIsWaitedForUpToItsSlack() throws Exception {
    TestedPipeline pipeline = open(generous());

    assertThat(waitAfter(pipeline, Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(3));
    assertThat(waitAfter(pipeline, Duration.ZERO)).isBetween(Duration.ZERO, SECOND);
    assertThat(waitAfter(pipeline, Duration.ofHours(1)))
        .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(6));
  }

  private Duration waitAfter(TestedPipeline pipeline, Duration retryAfter)
      throws InterruptedException {
    Script script = new Script(overloaded(retryAfter));
    run(pipeline, context(), script);
    assertThat(script.attempts()).as("attempts after %s", retryAfter).isEqualTo(2);
    return script.waitBefore(1);
  }

  @Test
  @Proves("CALL-6")
  void onlyWhatIsSafeIsRepeated() throws Exception {
    assertThat(attemptsAfter(unknown(), generous())).isEqualTo(1);
    assertThat(attemptsAfter(unknownOverloaded(), generous())).isEqualTo(1);
    assertThat(attemptsAfter(certain(), generous())).isEqualTo(2);
    assertThat(attemptsAfter(overloaded(SECOND), generous())).isEqualTo(2);
    assertThat(attemptsAfter(unknown(), generous().withIdempotent())).isEqualTo(2);
    assertThat(attemptsAfter(unknownOverloaded(), generous().withIdempotent())).isEqualTo(2);
  }

  private static BackendException unknownOverloaded() {
    return failure(Effect.UNKNOWN, new Advice.Overloaded(SECOND));
  }

  private int attemptsAfter(BackendException failure, PipelinePolicy policy)
      throws InterruptedException {
    Script script = new Script(failure);
    run(open(policy), context(), script);
    return script.attempts();
  }

  @Test
  @Proves("CALL-9")
  void aFailureThatIsAResultIsTreatedAsOneThatIsThrown() throws Exception {
    BackendException[] failures = {certain(), overloaded(Duration.ofSeconds(2)), unknown()};
    PipelinePolicy policy = generous().withRetry(retry(5, SECOND)).withIdempotent();
    Script thrown = new Script(failures);
    Outcome<String> first = run(open(policy), context(), thrown);
    Map<String, Long> counted = observer.counts();

    Script results = new Script();
    TestedPipeline pipeline = open(policy);
    Outcome<String> second =
        run(
            pipeline,
            context(),
            pipeline.judged(
                results,
                result ->
                    results.attempts() <= failures.length
                        ? Optional.of(failures[results.attempts() - 1])
                        : Optional.empty()));

    assertThat(second).isEqualTo(first);
    assertThat(waits(results)).isEqualTo(waits(thrown));
    assertThat(observer.counts())
        .allSatisfy((event, n) -> assertThat(n).isEqualTo(2 * counted.getOrDefault(event, 0L)));
  }

  private static List<Duration> waits(Script script) {
    List<Duration> waits = new ArrayList<>();
    for (int retry = 1; retry < script.attempts(); retry++) {
      waits.add(script.waitBefore(retry));
    }
    return waits;
  }
}
