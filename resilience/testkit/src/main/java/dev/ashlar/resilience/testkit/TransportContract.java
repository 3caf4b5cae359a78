package dev.ashlar.resilience.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Criticality;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Headers;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.core.RetryRight;
import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * What every transport of synchronous calls must do with the context that it carries, as tests:
 * CALL-18 and CALL-21 to CALL-23.
 *
 * <p>A subclass says how to open a service and how to ask it. The service lives by a clock that the
 * tests move; waiting for its threads takes real time, up to 30 seconds before a test fails.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 */
public abstract class TransportContract extends Contract {

  private static final Duration REAL = Duration.ofSeconds(30);
  private static final Duration LONGEST = Duration.ofHours(1);

  private final ManualTime time = ManualTime.nearOverflow();
  private final Watching observer = new Watching();
  private final IdSource ids = IdSource.of(time, new SplittableRandom(7));
  private final CallContext.Receiver receiver =
      new CallContext.Receiver(
          CallContext.Trust.PEER, Criticality.CRITICAL_PLUS, LONGEST, ids, time, observer);
  private final CountDownLatch gate = new CountDownLatch(1);

  /** For subclasses. */
  protected TransportContract() {}

  /** Starts a service that listens for this machine only. */
  protected abstract TestedTransport open(TestedTransport.Setting setting);

  @Override
  protected Set<String> guarantees() {
    return Set.of();
  }

  private CallContext context(Duration left) {
    return CallContext.root(ids, Deadline.after(left, time), "test");
  }

  private Deadline patience() {
    return Deadline.after(LONGEST, time);
  }

  private static Headers headers(CallContext context) {
    return context.into(Headers.empty());
  }

  @Test
  @Proves("CALL-18")
  void whatTravelsComesOutAsItWentIn() throws Exception {
    List<CallContext> received = new CopyOnWriteArrayList<>();
    try (TestedTransport transport =
        open(setting((question, context) -> note(received, question, context)))) {
      Seeds.check(
          50,
          (seed, random) -> {
            received.clear();
            CallContext sent = any(random);
            assertThat(transport.ask("what", headers(sent), patience())).isEqualTo("what");
            assertThat(received).hasSize(1);
            assertSame(received.get(0), sent);
          });
    }
  }

  private static String note(List<CallContext> seen, String question, CallContext context) {
    seen.add(context);
    return question;
  }

  private static void assertSame(CallContext received, CallContext sent) {
    assertThat(received.correlation()).isEqualTo(sent.correlation());
    assertThat(received.causedBy()).contains(sent.request());
    assertThat(received.criticality()).isEqualTo(sent.criticality());
    assertThat(received.cohort()).isEqualTo(sent.cohort());
    assertThat(received.attempt()).isEqualTo(sent.attempt());
    assertThat(received.retryRight()).isEqualTo(sent.retryRight());
    assertThat(received.client()).isEqualTo(sent.client());
    assertThat(sent.deadline().remaining().minus(received.deadline().remaining()))
        .isBetween(Duration.ZERO, Duration.ofMillis(1));
  }

  private CallContext any(RandomGenerator random) {
    return new CallContext(
        ids.correlation(),
        ids.request(),
        Optional.empty(),
        Deadline.after(Duration.ofNanos(5_000_000 + random.nextLong(3_000_000_000_000L)), time),
        one(random, Criticality.values()),
        random.nextInt(CallContext.COHORT_MAX + 1),
        1 + random.nextInt(1000),
        one(random, RetryRight.values()),
        "client-" + random.nextInt(1000));
  }

  private static <T> T one(RandomGenerator random, T[] values) {
    return values[random.nextInt(values.length)];
  }

  @Test
  @Proves("CALL-21")
  void theTimeThatARequestWaitsForAThreadCounts() throws Exception {
    Map<String, Duration> left = new ConcurrentHashMap<>();
    try (TestedTransport transport = open(setting(blocking(left)))) {
      FutureTask<String> first = ask(transport, "first", context(LONGEST));
      awaitStarted("first", left);
      FutureTask<String> second = ask(transport, "second", context(Duration.ofSeconds(2)));
      observer.awaitArrivals(2);

      time.advance(Duration.ofMillis(500));
      time.jumpWall(Duration.ofDays(-3));
      gate.countDown();

      assertThat(first.get(REAL.toSeconds(), TimeUnit.SECONDS)).isEqualTo("first");
      assertThat(second.get(REAL.toSeconds(), TimeUnit.SECONDS)).isEqualTo("second");
      assertThat(left.get("second")).isBetween(Duration.ofMillis(1499), Duration.ofMillis(1500));
    }
  }

  @Test
  @Proves("CALL-23")
  void expiredWorkIsNeverDoneAndAlwaysAnswered() throws Exception {
    Map<String, Duration> done = new ConcurrentHashMap<>();
    RandomGenerator random = Seeds.random(Seeds.next());
    try (TestedTransport transport = open(setting(blocking(done)))) {
      FutureTask<String> first = ask(transport, "first", context(LONGEST));
      awaitStarted("first", done);
      List<Duration> times = new ArrayList<>();
      List<FutureTask<String>> asked = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        times.add(Duration.ofMillis(1 + random.nextInt(1000)));
        asked.add(ask(transport, "q" + i, context(times.get(i))));
        observer.awaitArrivals(2 + i);
      }

      Duration passed = Duration.ofMillis(500);
      time.advance(passed);
      gate.countDown();

      assertThat(first.get(REAL.toSeconds(), TimeUnit.SECONDS)).isEqualTo("first");
      for (int i = 0; i < asked.size(); i++) {
        boolean expired = times.get(i).compareTo(passed) <= 0;
        String expectation = expired ? "refused" : "q" + i;
        assertThat(asked.get(i).get(REAL.toSeconds(), TimeUnit.SECONDS))
            .as("with %s", times.get(i))
            .isEqualTo(expectation);
        assertThat(done.containsKey("q" + i)).isEqualTo(!expired);
      }
    }
  }

  /** The first question waits for the gate; each notes the time that it has left. */
  private TestedTransport.Answering blocking(Map<String, Duration> left) {
    return (question, context) -> {
      left.put(question, context.deadline().remaining());
      if (question.equals("first")) {
        gate.await();
      }
      return question;
    };
  }

  private static void awaitStarted(String question, Map<String, Duration> started)
      throws Exception {
    Eventually.holds(question + " is being answered", REAL, () -> started.containsKey(question));
  }

  private FutureTask<String> ask(TestedTransport transport, String question, CallContext context) {
    Headers headers = headers(context);
    FutureTask<String> task =
        new FutureTask<>(
            () -> {
              try {
                return transport.ask(question, headers, patience());
              } catch (BackendException e) {
                assertThat(e.effect()).as("%s", e.getMessage()).isEqualTo(Effect.NONE);
                return "refused";
              }
            });
    Thread thread = new Thread(task, "asks-" + question);
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  @Test
  @Proves("CALL-22")
  void aHandlerRunsInItsContextAndItsThreadKeepsNothing() throws Exception {
    List<Optional<CallContext>> inside = new CopyOnWriteArrayList<>();
    List<CallContext> given = new CopyOnWriteArrayList<>();
    try (TestedTransport transport =
        open(
            setting(
                (question, context) -> {
                  inside.add(CallContext.current());
                  given.add(context);
                  if (question.equals("fail")) {
                    throw new IllegalStateException("on purpose");
                  }
                  return question;
                }))) {
      for (String question : List.of("one", "fail", "two")) {
        FutureTask<String> asked = askAny(transport, question);
        assertThat(asked.get(REAL.toSeconds(), TimeUnit.SECONDS)).isNotEmpty();
      }
    }

    assertThat(inside).hasSize(3);
    assertThat(inside).isEqualTo(given.stream().map(Optional::of).toList());
    assertThat(observer.serving).as("the operations").isEqualTo(inside);
    assertThat(observer.reading).as("before each handling").hasSizeGreaterThanOrEqualTo(3);
    assertThat(observer.reading).allSatisfy(current -> assertThat(current).isEmpty());
  }

  private FutureTask<String> askAny(TestedTransport transport, String question) {
    // That it cannot be read is told in the thread that will handle it, before it does.
    Headers headers = headers(context(LONGEST)).with(CallContext.CONTEXT_HEADER, "v=none");
    FutureTask<String> task =
        new FutureTask<>(
            () -> {
              try {
                return transport.ask(question, headers, patience());
              } catch (BackendException e) {
                return "failed";
              }
            });
    new Thread(task, "asks-" + question).start();
    return task;
  }

  private TestedTransport.Setting setting(TestedTransport.Answering answering) {
    return new TestedTransport.Setting(receiver, answering, 1, 32);
  }

  /** Counts arrivals, and looks at the thread's context before and around each handling. */
  private static final class Watching implements Observer {
    private final AtomicInteger arrivals = new AtomicInteger();
    private final List<Optional<CallContext>> reading = new CopyOnWriteArrayList<>();
    private final List<Optional<CallContext>> serving = new CopyOnWriteArrayList<>();

    @Override
    public void count(String event, long n) {
      if (event.endsWith(TestedTransport.Setting.ARRIVED)) {
        arrivals.incrementAndGet();
      } else if (event.equals("context.malformed")) {
        reading.add(CallContext.current());
      }
    }

    @Override
    public <T, X extends Exception> T around(Operation operation, Headers out, Body<T, X> body)
        throws X {
      if (operation.kind() == Operation.Kind.SERVER) {
        serving.add(CallContext.current());
      }
      return body.run(out);
    }

    void awaitArrivals(int n) throws Exception {
      Eventually.holds("arrival " + n, REAL, () -> arrivals.get() >= n);
    }
  }
}
