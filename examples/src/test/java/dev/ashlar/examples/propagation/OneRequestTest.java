package dev.ashlar.examples.propagation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Codec;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.MemoryQueue;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.consume.Consumer;
import dev.ashlar.messaging.consume.ConsumerOptions;
import dev.ashlar.messaging.consume.Handler;
import dev.ashlar.resilience.http.HttpCaller;
import dev.ashlar.resilience.http.HttpRoute;
import dev.ashlar.resilience.http.HttpRoutes;
import dev.ashlar.resilience.http.HttpService;
import dev.ashlar.resilience.http.HttpServiceOptions;
import dev.ashlar.tracing.ContextSnapshot;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request over HTTP, an outbox, a queue and a pool's thread: what its log lines say. */
class OneRequestTest {

  private static final Logger LOG = LoggerFactory.getLogger(OneRequestTest.class);
  private static final HttpRoute<String, String> ORDER =
      HttpRoute.post("/orders", Codec.utf8(), Codec.utf8());

  private final List<SpanData> spans = new CopyOnWriteArrayList<>();
  private final Observer tracing = Peers.tracing(new EndedSpans(spans));
  private final JsonLog log = new JsonLog();
  private final ExecutorService pool = Executors.newSingleThreadExecutor();

  @AfterEach
  void letGo() {
    log.close();
    pool.shutdownNow();
  }

  private static HttpService shop(OutboxTransport orders, Observer observer) {
    HttpRoutes routes =
        HttpRoutes.none()
            .with(
                ORDER,
                (order, context) -> {
                  LOG.info("order taken");
                  orders.send(order);
                  return "thanks";
                });
    return HttpService.start(routes, HttpServiceOptions.of(Peers.receiver(observer)));
  }

  private CallContext placeOrder(OutboxTransport orders) throws Exception {
    CallContext customer = CallContext.root(IdSource.system(), Peers.soon(), "customer");
    try (HttpService shop = shop(orders, tracing)) {
      HttpCaller.of(HttpClient.newHttpClient(), shop.address(), tracing)
          .call(ORDER, "order-17", customer);
    }
    return customer;
  }

  @Test
  void everyLineBehindTheCustomerHasTheFourIds() throws Exception {
    OutboxTransport orders = OutboxTransport.open(tracing);
    CallContext customer = placeOrder(orders);
    orders.deliver(
        order -> {
          LOG.info("charged");
          ContextSnapshot.carrying(pool).execute(() -> LOG.info("receipt printed"));
          Eventually.holds("the receipt", Peers.PATIENCE, () -> log.has("receipt printed"));
        });

    assertThat(log.entries())
        .extracting(JsonLog.Entry::what)
        .containsExactlyInAnyOrder(
            "call.start",
            "request.start",
            "order taken",
            "message.sent",
            "request.end ok",
            "call.end ok",
            "message.received",
            "charged",
            "receipt printed",
            "request.end ok");
    assertThat(log.entries())
        .extracting(entry -> entry.get("correlation_id"))
        .containsOnly(customer.correlation().value());
    for (JsonLog.Entry entry : log.entries()) {
      boolean customers = entry.what().startsWith("call.");
      assertThat(entry.get("request_id")).as(entry.text()).isNotEmpty();
      assertThat(entry.get("trace_id")).as(entry.text()).hasSize(32);
      assertThat(entry.get("causation_id"))
          .as(entry.text())
          .matches(id -> id.isEmpty() == customers);
    }
  }

  @Test
  void theHandlingIsCausedByTheRequestAndItsTraceRefersToTheSending() throws Exception {
    OutboxTransport orders = OutboxTransport.open(tracing);
    placeOrder(orders);
    orders.deliver(order -> LOG.info("charged"));

    JsonLog.Entry sent = line("message.sent");
    JsonLog.Entry charged = line("charged");
    assertThat(line("order taken").get("trace_id")).isEqualTo(line("call.start").get("trace_id"));
    assertThat(sent.get("trace_id")).isEqualTo(line("call.start").get("trace_id"));
    assertThat(charged.get("causation_id")).isEqualTo(sent.get("request_id"));
    assertThat(charged.get("trace_id")).isNotEqualTo(sent.get("trace_id"));
    SpanData handling =
        spans.stream()
            .filter(span -> span.getName().equals("process payment"))
            .findFirst()
            .orElseThrow();
    assertThat(handling.getLinks())
        .extracting(LinkData::getSpanContext)
        .extracting(linked -> linked.getSpanId())
        .containsExactly(sent.get("span_id"));
  }

  @Test
  void aHandlingThatFailsSaysSoAndIsFoundByTheSameId() throws Exception {
    OutboxTransport orders = OutboxTransport.open(tracing);
    CallContext customer = placeOrder(orders);
    orders.deliver(
        order -> {
          throw new IllegalStateException("no bank answers");
        });
    orders.deliver(order -> LOG.info("charged"));

    assertThat(log.entries())
        .extracting(JsonLog.Entry::what)
        .containsOnlyOnce("message.sent", "request.end error", "charged");
    assertThat(line("request.end error").get("correlation_id"))
        .isEqualTo(customer.correlation().value());
  }

  @Test
  void aHandlingThatAsksForAnotherAttemptOrGivesUpSaysSo() throws Exception {
    MessageQueue queue = MemoryQueue.of("payment", QueueOptions.capacity(10), Peers.TIME, tracing);
    ConsumerOptions options =
        ConsumerOptions.of("consumer", Peers.receiver(tracing), Seeds.random(Seeds.next()));
    Handler handler =
        (message, context) ->
            context.attempt() == 1
                ? new Outcome.Retry(Duration.ZERO, "no bank answers")
                : new Outcome.DeadLetter("no bank knows the card");

    try (Consumer consumer = Consumer.start(queue, handler, options)) {
      queue.send(Message.of(MessageId.next(IdSource.system()), Bytes.utf8("17")), Peers.soon());
      Eventually.holds("the end", Peers.PATIENCE, () -> queue.depth(Peers.soon()).dead() == 1);
      assertThat(consumer.state()).isEqualTo(Consumer.State.RUNNING);
    }

    assertThat(log.entries())
        .extracting(JsonLog.Entry::what)
        .containsExactly(
            "message.sent",
            "message.received",
            "request.end retry",
            "message.received",
            "request.end dead-letter");
    assertThat(line("request.end retry").get("level")).isEqualTo("WARN");
    assertThat(spans)
        .filteredOn(span -> span.getName().equals("process payment"))
        .allSatisfy(
            span -> assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR));
  }

  private JsonLog.Entry line(String what) {
    return log.entries().stream()
        .filter(entry -> entry.what().equals(what))
        .findFirst()
        .orElseThrow(() -> new AssertionError(what + ": not in the log"));
  }
}
