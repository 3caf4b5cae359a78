package dev.ashlar.resilience.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.RetryRight;
import dev.ashlar.core.testkit.CountingObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a service does with whatever comes. */
class HttpServiceTest {

  private static final Duration REAL = Duration.ofSeconds(30);
  private static final String TEXT = "Content-Type: text/plain; charset=utf-8\n";
  private static final String HEAD = "POST /ask HTTP/1.1\nHost: a\nConnection: close\n";

  private final CountingObserver observer = new CountingObserver();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final List<CallContext> seen = new CopyOnWriteArrayList<>();
  private final HttpRoutes routes = HttpRoutes.none().with(HttpTransport.ASK, this::answer);
  private HttpService service = HttpService.start(routes, options(CallContext.Trust.PEER));

  private HttpServiceOptions options(CallContext.Trust trust) {
    return HttpServiceOptions.of(Calls.receiver(trust, observer)).withSizes(1000, 100, 20);
  }

  private String answer(String question, CallContext context) throws InterruptedException {
    seen.add(context);
    switch (question) {
      case "block" -> gate.await();
      case "mistake" -> throw new IllegalStateException("secret");
      case "interrupt" -> Thread.currentThread().interrupt();
      case "error" -> throw new LinkageError("secret");
      case "permanent" -> throw failure(new Advice.Permanent());
      case "transient" -> throw failure(new Advice.Transient());
      case "overloaded" -> throw failure(new Advice.Overloaded(Duration.ofMillis(2001)));
      default -> {}
    }
    return question;
  }

  private static BackendException failure(Advice advice) {
    return new BackendException("secret", Effect.NONE, advice, null);
  }

  @AfterEach
  void closeService() {
    gate.countDown();
    service.close();
  }

  private void reopen(HttpServiceOptions options) {
    service.close();
    service = HttpService.start(routes, options);
  }

  private String raw(String head, String body) throws IOException {
    return RawClient.exchange(service.address(), head, body);
  }

  private void assertRefused(String status, String answer) {
    assertThat(answer)
        .startsWith("HTTP/1.1 " + status + " ")
        .containsIgnoringCase("ashlar-effect: none")
        .contains("application/json", "{\"error\":\"")
        .doesNotContain("secret");
    assertThat(seen).isEmpty();
  }

  private void assertStillWorks() throws InterruptedException {
    assertThat(Calls.caller(service.address()).call(Calls.ASK, "fine", Calls.context()))
        .isEqualTo("fine");
  }

  @Test
  void whatIsUnknownOrOfAWrongKindIsRefused() throws Exception {
    String length = "Content-Length: 6\n";
    assertRefused("404", raw(HEAD.replace("/ask", "/secret") + TEXT + length, "secret"));
    assertRefused("404", raw(HEAD.replace("/ask", "/ask/") + TEXT + length, "secret"));
    assertRefused("404", raw(HEAD.replace("/ask", "/%61sk") + TEXT + length, "secret"));
    String put = raw(HEAD.replace("POST", "PUT") + TEXT + length, "secret");
    assertRefused("405", put);
    assertThat(put).containsIgnoringCase("allow: POST");
    assertRefused("405", raw(HEAD.replace("POST", "BREW") + TEXT + length, "secret"));
    assertRefused("415", raw(HEAD + length, "secret"));
    assertRefused("415", raw(HEAD + "Content-Type: application/json\n" + length, "secret"));
    assertRefused(
        "415", raw(HEAD + "Content-Type: text/plain; charset=latin1\n" + length, "secret"));
    assertRefused("400", raw(HEAD + TEXT + "Content-Length: 2\n", "\u00C3("));
    assertStillWorks();
  }

  @Test
  void whatIsTooLargeIsRefusedWithoutReadingIt() throws Exception {
    assertRefused("413", raw(HEAD + TEXT + "Content-Length: 1001\n", ""));
    assertRefused("413", raw(HEAD + TEXT + "Content-Length: 999999999999\n", "x"));
    assertRefused(
        "413",
        raw(
            HEAD + TEXT + "Transfer-Encoding: chunked\n",
            "5DC\r\n" + "x".repeat(1500) + "\r\n0\r\n\r\n"));
    assertRefused("414", raw(HEAD.replace("/ask", "/" + "a".repeat(100)) + TEXT, ""));
    assertRefused("431", raw(HEAD + TEXT + "A: b\n".repeat(20), ""));
    assertRefused("431", raw(HEAD + TEXT + "A: " + "b".repeat(5000) + "\n", ""));
    assertRefused("431", raw(HEAD + TEXT + "B".repeat(129) + ": b\n", ""));
    assertStillWorks();
  }

  @Test
  void whatIsAtItsLimitIsAnswered() throws Exception {
    assertThat(raw(HEAD + TEXT + "Content-Length: 1000\n", "x".repeat(1000)))
        .startsWith("HTTP/1.1 200");
    assertThat(raw(HEAD + TEXT + "Transfer-Encoding: chunked\n", "2\r\nhi\r\n0\r\n\r\n"))
        .startsWith("HTTP/1.1 200")
        .endsWith("hi");
    assertThat(raw(HEAD + TEXT, "")).startsWith("HTTP/1.1 200");
  }

  @Test
  void garbageHarmsNobody() throws Exception {
    Duration brief = Duration.ofMillis(500);
    reopen(options(CallContext.Trust.PEER).withTimes(brief, brief));
    List<String> garbage =
        List.of(
            "\r\n\r\n",
            "GET\r\n\r\n",
            "POST /ask HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
            "POST /ask HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nhello",
            "POST /ask HTTP/1.1\r\nContent-Length: -5\r\n\r\nhello",
            "POST /ask HTTP/1.1\r\nContent-Length: five\r\n\r\nhello",
            "POST /a|sk HTTP/1.1\r\n\r\n",
            "POST mailto:a HTTP/1.1\r\n\r\n",
            "POST /ask HTTP/1.1\r\nBad Name: x\r\n\r\n",
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n");
    for (String text : garbage) {
      try (RawClient client = new RawClient(service.address())) {
        client.send(text);
        String answer = client.rest();
        assertThat(answer.isEmpty() || answer.startsWith("HTTP/1.1 4")).as(answer).isTrue();
      }
    }
    assertThat(seen).isEmpty();
    assertStillWorks();
  }

  @Test
  void aBrokenChunkIsNotGivenToAHandler() throws Exception {
    try (RawClient client = new RawClient(service.address())) {
      client.send(HEAD.replace("\n", "\r\n"));
      client.send(TEXT.replace("\n", "\r\n") + "Transfer-Encoding: chunked\r\n\r\nzz\r\nhi\r\n");
      String unused = client.rest();
    }
    assertThat(seen).isEmpty();
    assertStillWorks();
  }

  @Test
  void aRequestThatComesTooSlowlyLosesItsConnectionAndItsThread() throws Exception {
    Duration brief = Duration.ofMillis(200);
    reopen(options(CallContext.Trust.PEER).withThreads(1, 4).withTimes(brief, brief));
    try (RawClient inTheHead = new RawClient(service.address());
        RawClient inTheBody = new RawClient(service.address())) {
      inTheHead.send("POST /a");
      inTheBody.send((HEAD + TEXT + "Content-Length: 9\n\n").replace("\n", "\r\n") + "part");

      assertThat(inTheHead.rest()).isEmpty();
      assertThat(inTheBody.rest()).isEmpty();
    }
    observer.awaitCount("http.slow", 2, REAL);
    assertThat(seen).isEmpty();
    assertStillWorks();
  }

  @Test
  void loadBeyondThreadsAndQueueIsRefusedWithATimeToComeAgain() throws Exception {
    reopen(options(CallContext.Trust.PEER).withThreads(1, 1).withRetryAfter(Duration.ofSeconds(3)));
    List<FutureTask<String>> taken = new ArrayList<>();
    for (int i = 1; i <= 2; i++) {
      taken.add(ask("block"));
      observer.awaitCount("http.arrived", i, REAL);
    }

    BackendException refused = refusal("beyond");

    assertThat(refused.effect()).isEqualTo(Effect.NONE);
    assertThat(refused.advice()).isEqualTo(new Advice.Overloaded(Duration.ofSeconds(3)));
    gate.countDown();
    for (FutureTask<String> task : taken) {
      assertThat(task.get(REAL.toSeconds(), TimeUnit.SECONDS)).isEqualTo("block");
    }
    assertStillWorks();
  }

  private FutureTask<String> ask(String question) {
    FutureTask<String> task =
        new FutureTask<>(
            () -> Calls.caller(service.address()).call(Calls.ASK, question, Calls.context()));
    new Thread(task, "asks").start();
    return task;
  }

  private BackendException refusal(String question) {
    return catchThrowableOfType(
        BackendException.class,
        () -> Calls.caller(service.address()).call(Calls.ASK, question, Calls.context()));
  }

  @Test
  void whatAHandlerThrowsIsAnsweredWithoutItsText() throws Exception {
    for (String question : List.of("mistake", "error")) {
      String answer = raw(HEAD + TEXT + "Content-Length: " + question.length() + "\n", question);
      assertThat(answer).startsWith("HTTP/1.1 500").doesNotContain("secret");
      assertThat(refusal(question).advice()).isEqualTo(new Advice.Permanent());
      assertThat(refusal(question).effect()).isEqualTo(Effect.UNKNOWN);
    }
    assertStillWorks();
  }

  @Test
  void anInterruptThatAHandlerLeavesIsNotTheNextOnes() throws Exception {
    reopen(options(CallContext.Trust.PEER).withThreads(1, 4));
    HttpCaller caller = Calls.caller(service.address());
    for (int i = 0; i < 3; i++) {
      assertThat(caller.call(Calls.ASK, "interrupt", Calls.context())).isEqualTo("interrupt");
    }
    assertStillWorks();
  }

  @Test
  void whatAHandlersBackendAdvisedGoesUpAndItsEffectDoesNot() {
    assertThat(refusal("permanent").advice()).isEqualTo(new Advice.Permanent());
    assertThat(refusal("transient").advice()).isEqualTo(new Advice.Transient());
    assertThat(refusal("overloaded").advice())
        .isEqualTo(new Advice.Overloaded(Duration.ofSeconds(3)));
    for (String question : List.of("permanent", "transient", "overloaded")) {
      assertThat(refusal(question).effect()).isEqualTo(Effect.UNKNOWN);
    }
  }

  @Test
  void theEdgeBelievesNothingButACorrelationId() throws Exception {
    CallContext sent = Calls.context(Duration.ofSeconds(20)).withRetryRight(RetryRight.NONE);
    String peer = Calls.caller(service.address()).call(Calls.ASK, "peer", sent);
    reopen(options(CallContext.Trust.EDGE));
    String edge = Calls.caller(service.address()).call(Calls.ASK, "edge", sent);

    assertThat(List.of(peer, edge)).containsExactly("peer", "edge");
    assertThat(seen.get(0).retryRight()).isEqualTo(RetryRight.NONE);
    assertThat(seen.get(0).deadline().remaining()).isLessThan(Duration.ofSeconds(20));
    assertThat(seen.get(1).retryRight()).isEqualTo(RetryRight.FREE);
    assertThat(seen.get(1).client()).isEqualTo("unknown");
    assertThat(seen.get(1).correlation()).isEqualTo(sent.correlation());
    assertThat(seen.get(1).deadline().remaining()).isGreaterThan(Duration.ofSeconds(20));
  }

  @Test
  void itListensForThisMachineOnlyUnlessToldOtherwise() throws Exception {
    assertThat(InetAddress.getByName(service.address().getHost()).isLoopbackAddress()).isTrue();
  }

  @Test
  void closingWaitsForWhatHasCome() throws Exception {
    FutureTask<String> running = ask("block");
    observer.awaitCount("http.arrived", 1, REAL);
    FutureTask<Boolean> closing =
        new FutureTask<>(() -> service.close(Deadline.after(REAL, Calls.TIME)));
    new Thread(closing, "closes").start();
    gate.countDown();

    assertThat(running.get(REAL.toSeconds(), TimeUnit.SECONDS)).isEqualTo("block");
    assertThat(closing.get(REAL.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(refusal("afterwards").effect()).isEqualTo(Effect.NONE);
  }

  @Test
  void closingEndsAtItsDeadlineAndSaysSo() throws Exception {
    FutureTask<String> running = ask("block");
    observer.awaitCount("http.arrived", 1, REAL);

    assertThat(service.close(Deadline.after(Duration.ofMillis(50), Calls.TIME))).isFalse();

    BackendException cut = catchThrowableOfType(BackendException.class, () -> result(running));
    assertThat(cut.effect()).isEqualTo(Effect.UNKNOWN);
  }

  private static String result(FutureTask<String> task) throws Exception {
    try {
      return task.get(REAL.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BackendException failure) {
        throw failure;
      }
      throw e;
    }
  }
}
