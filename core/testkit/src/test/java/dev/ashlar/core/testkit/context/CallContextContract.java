package dev.ashlar.core.testkit.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.CorrelationId;
import dev.ashlar.core.Criticality;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Headers;
import dev.ashlar.core.RequestId;
import dev.ashlar.core.RetryRight;
import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.Seeds;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What a context promises on its way through calls, hops and queues. */
abstract class CallContextContract extends Contract {

  private static final int ROUNDS = 5000;
  private static final Duration MILLISECOND = Duration.ofMillis(1);

  private final ManualTime time = ManualTime.nearOverflow();

  abstract ContextPort port();

  @Override
  protected Set<String> guarantees() {
    return Set.of();
  }

  @Test
  @Proves("CALL-17")
  void theTimeLeftNeverGrowsAlongAnyChain() throws Exception {
    Seeds.check(
        500,
        (seed, random) -> {
          ManualTime clock = ManualTime.nearOverflow();
          CallContext context = Contexts.any(random, clock);
          for (int link = 0; link < 20; link++) {
            Duration before = context.deadline().remaining();
            CallContext next = follow(context, random, clock);
            assertThat(next.deadline().remaining()).isLessThanOrEqualTo(before);
            context = next;
            clock.advance(Duration.ofNanos(random.nextLong(2_000_000)));
            clock.jumpWall(Duration.ofMillis(random.nextLong(-100_000, 100_000)));
          }
        });
  }

  /** Time may pass on the way; what is left is compared with what was left before it did. */
  private CallContext follow(CallContext context, RandomGenerator random, ManualTime clock) {
    CallContext.Receiver receiver = Contexts.generousPeer(clock);
    return switch (random.nextInt(5)) {
      case 0 -> port().child(context, anyCap(random));
      case 1 -> context.forAttempt(1 + random.nextInt(9)).withRetryRight(RetryRight.OWNED_ABOVE);
      case 2 -> inside(context);
      case 3 -> port().receive(receiver, port().send(context));
      default -> {
        Headers onTheWire = port().send(context);
        clock.advance(Duration.ofNanos(random.nextLong(2_000_000)));
        yield port().receive(receiver, onTheWire);
      }
    };
  }

  private static Duration anyCap(RandomGenerator random) {
    return switch (random.nextInt(4)) {
      case 0 -> Duration.ofSeconds(Long.MAX_VALUE);
      case 1 -> Duration.ofMillis(random.nextLong(-10, 10_000));
      default -> Contexts.duration(random);
    };
  }

  private CallContext inside(CallContext context) {
    CallContext[] seen = new CallContext[1];
    port().run(context, () -> seen[0] = port().current().orElseThrow());
    return seen[0];
  }

  @Test
  @Proves("CALL-17")
  void noMessageChangesTheTimeThatItsConsumerHas() throws Exception {
    Seeds.check(
        ROUNDS,
        (seed, random) -> {
          CallContext producer = Contexts.any(random, time);
          Headers sent = random.nextBoolean() ? port().send(producer) : port().store(producer);
          Deadline own = Deadline.after(Contexts.duration(random), time);

          CallContext delivered = port().deliver(Contexts.generousPeer(time), sent, 1, own);

          assertThat(delivered.deadline().remaining()).isEqualTo(own.remaining());
        });
  }

  @Test
  @Proves("CALL-18")
  void whatTravelsComesOutAsItWentIn() throws Exception {
    Seeds.check(
        ROUNDS,
        (seed, random) -> {
          CallContext sent = Contexts.any(random, time);

          CallContext received = port().receive(Contexts.generousPeer(time), port().send(sent));

          assertThat(received.correlation()).isEqualTo(sent.correlation());
          assertThat(received.causedBy()).contains(sent.request());
          assertThat(received.request()).isNotEqualTo(sent.request());
          assertThat(received.criticality()).isEqualTo(sent.criticality());
          assertThat(received.cohort()).isEqualTo(sent.cohort());
          assertThat(received.attempt()).isEqualTo(sent.attempt());
          assertThat(received.retryRight()).isEqualTo(sent.retryRight());
          assertThat(received.client()).isEqualTo(sent.client());
          assertThat(sent.deadline().remaining().minus(received.deadline().remaining()))
              .isBetween(Duration.ZERO, MILLISECOND);
        });
  }

  @Test
  @Proves("CALL-19")
  void anyHeadersGiveAContextWithinTheReceiversBounds() throws Exception {
    Seeds.check(
        ROUNDS * 4,
        (seed, random) -> {
          CallContext.Receiver receiver = anyReceiver(random);
          Headers headers = Contexts.hostile(random, time);
          Deadline own = Deadline.after(Contexts.duration(random), time);
          assertThatCode(
                  () -> {
                    checkBounds(port().receive(receiver, headers), receiver, receiver.longest());
                    checkBounds(
                        port().deliver(receiver, headers, 3, own), receiver, own.remaining());
                  })
              .doesNotThrowAnyException();
        });
  }

  private CallContext.Receiver anyReceiver(RandomGenerator random) {
    return Contexts.receiver(
        Contexts.one(random, CallContext.Trust.values()),
        Contexts.one(random, Criticality.values()),
        Contexts.duration(random),
        time);
  }

  private static void checkBounds(
      CallContext context, CallContext.Receiver receiver, Duration longest) {
    assertThat(context.deadline().remaining()).isLessThanOrEqualTo(longest);
    assertThat(context.criticality()).isGreaterThanOrEqualTo(receiver.ceiling());
  }

  @Test
  @Proves("CALL-19")
  void theEdgeTakesNothingButACorrelationId() throws Exception {
    Seeds.check(
        ROUNDS,
        (seed, random) -> {
          CallContext sent = Contexts.any(random, time);
          CallContext.Receiver edge =
              Contexts.receiver(
                  CallContext.Trust.EDGE, Criticality.CRITICAL, Duration.ofSeconds(5), time);

          CallContext received = port().receive(edge, port().send(sent));

          assertThat(received.correlation()).isEqualTo(sent.correlation());
          assertThat(received.causedBy()).isEmpty();
          assertThat(received.criticality()).isEqualTo(Criticality.CRITICAL);
          assertThat(received.deadline().remaining()).isEqualTo(Duration.ofSeconds(5));
          assertThat(received.attempt()).isEqualTo(1);
          assertThat(received.retryRight()).isEqualTo(RetryRight.FREE);
          assertThat(received.client()).isEqualTo("unknown");
        });
  }

  /*
   * HTTP requests and queue messages both carry a Headers value as it is, so there is one codec and
   * not two: its text is what must never change by accident.
   */
  @Test
  @Proves("CALL-20")
  void theHeaderTextIsGolden() {
    assertThat(bytes(port().send(golden()))).isEqualTo(resource("sent.golden"));
    assertThat(bytes(port().store(golden()))).isEqualTo(resource("stored.golden"));
  }

  @Test
  @Proves("CALL-20")
  void theGoldenTextIsReadWithFieldsInAnyOrderAndNewOnesBetween() {
    for (String name : new String[] {"sent.golden", "reordered.golden"}) {
      CallContext read = port().receive(Contexts.generousPeer(time), headers(resource(name)));

      assertThat(read.correlation()).isEqualTo(golden().correlation());
      assertThat(read.causedBy()).contains(golden().request());
      assertThat(read.criticality()).isEqualTo(golden().criticality());
      assertThat(read.cohort()).isEqualTo(golden().cohort());
      assertThat(read.client()).isEqualTo(golden().client());
      assertThat(read.deadline().remaining()).isEqualTo(Duration.ofMillis(1500));
      assertThat(read.attempt()).isEqualTo(golden().attempt());
      assertThat(read.retryRight()).isEqualTo(golden().retryRight());
    }
  }

  private CallContext golden() {
    return new CallContext(
        new CorrelationId("01J9Z3K4M5N6P7Q8R9S0T1V2W3"),
        new RequestId("01J9Z3K4M5N6P7Q8R9S0T1V2W4"),
        Optional.empty(),
        Deadline.after(Duration.ofNanos(1_500_999_999), time),
        Criticality.SHEDDABLE_PLUS,
        77,
        2,
        RetryRight.OWNED_ABOVE,
        "web-1.eu");
  }

  private static Bytes bytes(Headers headers) {
    StringBuilder text = new StringBuilder();
    headers.forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
    return Bytes.utf8(text.toString());
  }

  private static Headers headers(Bytes lines) {
    Headers headers = Headers.empty();
    for (String line : lines.toUtf8().lines().toList()) {
      int colon = line.indexOf(": ");
      headers = headers.plus(line.substring(0, colon), line.substring(colon + 2));
    }
    return headers;
  }

  private static Bytes resource(String name) {
    try (InputStream in = CallContextContract.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + ": missing (expected: a resource)");
      }
      return Bytes.owning(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @Proves("CALL-51")
  void aMessageOutlivesTheDeadlineOfTheRequestThatSentIt() throws Exception {
    Seeds.check(
        200,
        (seed, random) -> {
          ManualTime clock = ManualTime.nearOverflow();
          CallContext producer = Contexts.any(random, clock).child(Duration.ofSeconds(2));
          Headers row = port().store(producer);
          clock.advance(Duration.ofHours(1));
          Deadline own = Deadline.after(Duration.ofSeconds(30), clock);

          CallContext delivered = port().deliver(Contexts.generousPeer(clock), row, 4, own);

          assertThat(producer.deadline().hasExpired()).isTrue();
          assertThat(delivered.deadline().remaining()).isEqualTo(Duration.ofSeconds(30));
          assertThat(delivered.retryRight()).isEqualTo(RetryRight.FREE);
          assertThat(delivered.attempt()).isEqualTo(4);
        });
  }

  @Test
  @Proves("CALL-51")
  void aHandOverCarriesIdsCriticalityCohortAndClientAndNothingElse() throws Exception {
    Seeds.check(
        ROUNDS,
        (seed, random) -> {
          CallContext producer = Contexts.any(random, time);
          Headers row = port().store(producer);
          Deadline own = Deadline.after(Duration.ofSeconds(30), time);

          CallContext delivered = port().deliver(Contexts.generousPeer(time), row, 1, own);

          assertThat(delivered.correlation()).isEqualTo(producer.correlation());
          assertThat(delivered.causedBy()).contains(producer.request());
          assertThat(delivered.criticality()).isEqualTo(producer.criticality());
          assertThat(delivered.cohort()).isEqualTo(producer.cohort());
          assertThat(delivered.client()).isEqualTo(producer.client());
          assertThat(row.size()).isEqualTo(2);
          assertThat(row.first(CallContext.CONTEXT_HEADER).orElseThrow().split(";"))
              .extracting(field -> field.substring(0, field.indexOf('=')))
              .containsExactly("v", "req", "crit", "cohort", "client");
        });
  }
}
