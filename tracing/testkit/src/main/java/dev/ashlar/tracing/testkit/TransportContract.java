package dev.ashlar.tracing.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.CorrelationId;
import dev.ashlar.core.RequestId;
import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * What every transport must do that carries the context of the request, as tests: the properties
 * TRACE-12, TRACE-13, TRACE-28 and TRACE-31.
 *
 * <p>A transport is whatever brings a text from a sender to a handler: a call over HTTP, a queue,
 * an outbox with its relay and its inbox. A subclass opens one and says what it can: {@code stored}
 * if what is sent lies somewhere until it is delivered, {@code redelivery} if a handler that fails
 * gets the same again.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 */
public abstract class TransportContract extends Contract {

  private final CallContext request = Requests.root();

  /** For subclasses. */
  protected TransportContract() {}

  /** Returns a transport with nothing in it. */
  protected abstract Transport open() throws Exception;

  /** Returns the receiver that a transport's handlers read contexts with, if it has no other. */
  protected static CallContext.Receiver receiver() {
    return Requests.receiver(CallContext.Trust.PEER);
  }

  @Test
  @Proves("TRACE-12")
  void theCorrelationIdIsTheSameAtEveryHopAndTheRequestIdIsFresh() throws Exception {
    Transport transport = open();
    List<CallContext> seen = new ArrayList<>(List.of(request));

    in(request, () -> transport.send("hop"));
    for (int hop = 1; hop <= 5; hop++) {
      transport.deliver(
          text -> {
            seen.add(current());
            if (seen.size() <= 5) {
              transport.send(text);
            }
          });
    }

    assertThat(seen).hasSize(6);
    assertThat(seen).extracting(CallContext::correlation).containsOnly(request.correlation());
    assertThat(seen).extracting(CallContext::request).doesNotHaveDuplicates();
  }

  @Test
  @Proves("TRACE-12")
  void whatIsSentInAFanOutIsHandledUnderRequestIdsOfItsOwn() throws Exception {
    Transport transport = open();
    List<CallContext> seen = new ArrayList<>();

    in(
        request,
        () -> {
          for (int i = 0; i < 4; i++) {
            transport.send("part " + i);
          }
        });
    transport.deliver(text -> seen.add(current()));

    assertThat(seen).hasSize(4);
    assertThat(seen).extracting(CallContext::correlation).containsOnly(request.correlation());
    assertThat(seen).extracting(CallContext::request).doesNotHaveDuplicates();
  }

  @Test
  @Proves("TRACE-12")
  void requestsSideBySideKeepTheirOwnCorrelationIds() throws Exception {
    Transport transport = open();
    CallContext other = Requests.root();
    Map<String, CorrelationId> seen = new HashMap<>();

    in(request, () -> transport.send("mine"));
    in(other, () -> transport.send("other"));
    transport.deliver(text -> seen.put(text, current().correlation()));

    assertThat(seen).isEqualTo(Map.of("mine", request.correlation(), "other", other.correlation()));
  }

  @Test
  @Proves("TRACE-13")
  void aHandlingIsCausedByTheRequestThatSent() throws Exception {
    Transport transport = open();
    List<CallContext> seen = new ArrayList<>();

    in(request, () -> transport.send("text"));
    transport.deliver(text -> seen.add(current()));

    assertThat(seen)
        .extracting(CallContext::causedBy)
        .containsExactly(Optional.of(request.request()));
  }

  @Test
  @Proves("TRACE-13")
  void causesOfAnySequenceOfSendingsFormATree() throws Exception {
    Seeds.check(
        20,
        (seed, random) -> {
          Map<RequestId, RequestId> causes = handlings(open(), random);

          assertThat(causes).hasSizeGreaterThanOrEqualTo(2);
          for (RequestId start : causes.keySet()) {
            assertThat(rootOf(start, causes)).isEqualTo(request.request());
          }
        });
  }

  private Map<RequestId, RequestId> handlings(Transport transport, RandomGenerator random)
      throws Exception {
    Map<RequestId, RequestId> causes = new HashMap<>();
    in(
        request,
        () -> {
          transport.send("0");
          transport.send("0");
        });
    for (int round = 1; round <= 6; round++) {
      int depth = round;
      transport.deliver(
          text -> {
            causes.put(current().request(), current().causedBy().orElseThrow());
            for (int i = random.nextInt(3); i > 0 && depth < 6; i--) {
              transport.send(text + "." + i);
            }
          });
    }
    return causes;
  }

  private static RequestId rootOf(RequestId start, Map<RequestId, RequestId> causes) {
    Set<RequestId> passed = new HashSet<>();
    RequestId at = start;
    while (causes.containsKey(at)) {
      assertThat(passed.add(at)).as("a cycle of causes at %s", at).isTrue();
      at = causes.getOrDefault(at, at);
    }
    return at;
  }

  @Test
  @Proves(value = "TRACE-28", guarantee = "stored")
  void whatIsStoredHasTheContextOfTheRequestThatStoredIt() throws Exception {
    Transport transport = open();
    List<CallContext> seen = new ArrayList<>();

    in(request, () -> transport.send("text"));
    in(Requests.root(), () -> transport.deliver(text -> seen.add(current())));

    assertThat(seen).extracting(CallContext::correlation).containsExactly(request.correlation());
    assertThat(seen)
        .extracting(CallContext::causedBy)
        .containsExactly(Optional.of(request.request()));
  }

  @Test
  @Proves(value = "TRACE-28", guarantee = "stored")
  void whatIsStoredHasThatContextAlsoAfterARestart() throws Exception {
    Transport transport = open();
    List<CallContext> seen = new ArrayList<>();

    in(request, () -> transport.send("text"));
    transport.restarted().deliver(text -> seen.add(current()));

    assertThat(seen).extracting(CallContext::correlation).containsExactly(request.correlation());
    assertThat(seen)
        .extracting(CallContext::causedBy)
        .containsExactly(Optional.of(request.request()));
  }

  @Test
  @Proves(value = "TRACE-31", guarantee = "redelivery")
  void aRedeliveryHasANewRequestIdAndTheSameCorrelationAndCause() throws Exception {
    Transport transport = open();
    List<CallContext> seen = new ArrayList<>();

    in(request, () -> transport.send("text"));
    for (int attempt = 1; attempt <= 3; attempt++) {
      boolean last = attempt == 3;
      transport.deliver(
          text -> {
            seen.add(current());
            if (!last) {
              throw new IllegalStateException("on purpose");
            }
          });
    }

    assertThat(seen).hasSize(3);
    assertThat(seen).extracting(CallContext::request).doesNotHaveDuplicates();
    assertThat(seen).extracting(CallContext::correlation).containsOnly(request.correlation());
    assertThat(seen).extracting(CallContext::causedBy).containsOnly(Optional.of(request.request()));
  }

  private static CallContext current() {
    return CallContext.current().orElseThrow(() -> new AssertionError("no context in the handler"));
  }

  private static void in(CallContext context, Step step) throws Exception {
    context.call(
        () -> {
          step.run();
          return true;
        });
  }

  private interface Step {
    void run() throws Exception;
  }

  /** One way from a sender to a handler. */
  public interface Transport {

    /** Sends a text, in the thread's context. */
    void send(String text) throws Exception;

    /**
     * Hands everything that was sent before to a handler, in the order in which it was sent; what a
     * handler sends meanwhile waits for the next time. One whose handler throws is handed over
     * again the next time, where the transport redelivers.
     */
    void deliver(Handler handler) throws Exception;

    /** Returns what another process finds when this one has died; only asked where it is stored. */
    default Transport restarted() throws Exception {
      return this;
    }
  }

  /** What a test does with each text. */
  @FunctionalInterface
  public interface Handler {

    /** Handles one text, in the context that it came with. */
    void handle(String text) throws Exception;
  }
}
