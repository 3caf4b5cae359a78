package dev.ashlar.leases.http;

import static dev.ashlar.leases.http.Fences.fence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.net.httpserver.HttpServer;
import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.leases.guard.Standing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a caller makes of services that say nothing, or something else. */
class HttpFloorTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String REJECTED =
      "ashlar-fence-rejection 1 accounts nightly 7 host-7 n-7 8 host-8 n-8";

  private static final CountDownLatch OPEN = new CountDownLatch(0);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private volatile CountDownLatch gate = OPEN;
  private volatile int status = 200;
  private volatile Map<String, String> headers = Map.of();

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          headers.forEach(exchange.getResponseHeaders()::set);
          int answered = status;
          pass();
          exchange.sendResponseHeaders(answered, -1);
          exchange.close();
        });
    server.setExecutor(threads);
    server.start();
  }

  /** Stops the first request that comes to a gate. */
  private void pass() {
    CountDownLatch closed = gate;
    gate = OPEN;
    try {
      assertThat(closed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/claims");
  }

  private static Deadline soon() {
    return Deadline.after(PATIENCE, TimeSource.system());
  }

  private static HttpFloor floor(URI address) {
    return HttpFloor.of(HttpClient.newHttpClient(), address);
  }

  private Standing claim(int answered, Map<String, String> with) throws InterruptedException {
    status = answered;
    headers = with;
    return floor(address()).raise("accounts", fence(7), soon());
  }

  private Standing write(int answered, Map<String, String> with) {
    status = answered;
    headers = with;
    return floor(address()).check(call(soon()), "accounts", fence(7));
  }

  private FencedCall<String> call(Deadline deadline) {
    return FencedCall.of(
        HttpRequest.newBuilder(address()).header("ashlar-fence", "the caller's own").build(),
        BodyHandlers.ofString(),
        deadline);
  }

  private static void assertUnknown(Standing standing, Effect effect, Advice advice) {
    assertThat(standing)
        .isInstanceOfSatisfying(
            Standing.Unknown.class,
            unknown -> {
              BackendException failure = unknown.failure();
              assertThat(failure.effect()).as(failure.getMessage()).isEqualTo(effect);
              assertThat(failure.advice()).as(failure.getMessage()).isEqualTo(advice);
            });
  }

  @Test
  void aServiceThatSaysNothingAboutTheFenceIsNotBelieved() throws Exception {
    assertUnknown(write(200, Map.of()), Effect.UNKNOWN, new Advice.Permanent());
    assertUnknown(claim(204, Map.of()), Effect.UNKNOWN, new Advice.Permanent());
    assertUnknown(
        claim(204, Map.of("ashlar-fence-answer", "accepted")),
        Effect.UNKNOWN,
        new Advice.Permanent());
    assertUnknown(
        write(200, Map.of("ashlar-fence-answer", "claimed")),
        Effect.UNKNOWN,
        new Advice.Permanent());
    assertUnknown(
        write(200, Map.of("ashlar-fence-answer", "yes")), Effect.UNKNOWN, new Advice.Permanent());
  }

  @Test
  void theStatusOfAProxyIsNoRejection() {
    assertUnknown(write(409, Map.of()), Effect.UNKNOWN, new Advice.Permanent());
    assertUnknown(write(502, Map.of()), Effect.UNKNOWN, new Advice.Transient());
    assertUnknown(write(503, Map.of()), Effect.UNKNOWN, new Advice.Overloaded(Duration.ZERO));
  }

  @Test
  void aRejectionIsThisOnesOrNone() {
    Map<String, String> rejected =
        Map.of("ashlar-fence-answer", "rejected", "ashlar-fence-rejection", REJECTED);
    assertThat(write(409, rejected)).isEqualTo(new Standing.Differs(Optional.of(fence(8))));

    for (String other :
        new String[] {
          "x",
          "",
          REJECTED + " x",
          REJECTED.replace("accounts", "orders"),
          REJECTED.replace('7', '6')
        }) {
      Map<String, String> unreadable =
          Map.of("ashlar-fence-answer", "rejected", "ashlar-fence-rejection", other);
      assertUnknown(write(409, unreadable), Effect.UNKNOWN, new Advice.Permanent());
    }
    assertUnknown(
        write(409, Map.of("ashlar-fence-answer", "rejected")),
        Effect.UNKNOWN,
        new Advice.Permanent());
  }

  @Test
  void whatTheServiceSaysOfItselfIsBelieved() throws Exception {
    assertUnknown(
        claim(503, Map.of("ashlar-fence-answer", "unknown", "ashlar-effect", "none")),
        Effect.NONE,
        new Advice.Transient());
    assertUnknown(
        claim(503, Map.of("ashlar-fence-answer", "unknown")),
        Effect.UNKNOWN,
        new Advice.Transient());
    assertUnknown(
        write(428, Map.of("ashlar-fence-answer", "missing")), Effect.NONE, new Advice.Permanent());
    assertUnknown(
        write(400, Map.of("ashlar-fence-answer", "malformed")),
        Effect.NONE,
        new Advice.Permanent());
    assertThatIllegalStateException()
        .isThrownBy(() -> claim(409, Map.of("ashlar-fence-answer", "other-lease")))
        .withMessage("accounts: lease nightly (expected: the one under which it was claimed)");
  }

  @Test
  void noConnectionHasNoEffect() throws Exception {
    HttpFloor nobody;
    try (ServerSocket port = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      nobody = floor(URI.create("http://127.0.0.1:" + port.getLocalPort() + "/claims"));
    }
    assertUnknown(nobody.raise("accounts", fence(7), soon()), Effect.NONE, new Advice.Transient());
  }

  @Test
  void aTimeThatIsOverSendsNothing() {
    Deadline over = Deadline.after(Duration.ZERO, TimeSource.system());

    assertUnknown(
        floor(address()).check(call(over), "accounts", fence(7)),
        Effect.NONE,
        new Advice.Transient());
  }

  @Test
  void aServiceThatDoesNotAnswerIsLeftAtTheDeadline() throws Exception {
    ManualTime time = ManualTime.create();
    try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      HttpFloor floor = floor(URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/claims"));
      Background<Standing> claiming =
          Background.start(
              "claim",
              () ->
                  floor.raise("accounts", fence(7), Deadline.after(Duration.ofSeconds(10), time)));
      silent.setSoTimeout((int) PATIENCE.toMillis());
      try (Socket asked = silent.accept()) {
        asked.setSoTimeout((int) PATIENCE.toMillis());
        assertThat(asked.getInputStream().read()).as("the request").isEqualTo('P');
        Eventually.holds("the end of the wait", PATIENCE, () -> advancedUntilDone(time, claiming));
      }
      assertUnknown(claiming.result(), Effect.UNKNOWN, new Advice.Transient());
    }
  }

  /** The connection of a request that was given up carries no other one. */
  @Test
  void aLateAnswerIsNotTakenForThatOfTheNextRequest() throws Exception {
    ManualTime time = ManualTime.create();
    HttpFloor floor = floor(address());
    headers = Map.of("ashlar-fence-answer", "claimed");
    CountDownLatch late = new CountDownLatch(1);
    gate = late;
    Background<Standing> claiming =
        Background.start(
            "claim",
            () -> floor.raise("accounts", fence(7), Deadline.after(Duration.ofSeconds(10), time)));
    Eventually.holds("the request", PATIENCE, () -> gate != late);
    Eventually.holds("the end of the wait", PATIENCE, () -> advancedUntilDone(time, claiming));
    assertUnknown(claiming.result(), Effect.UNKNOWN, new Advice.Transient());

    status = 409;
    headers = Map.of("ashlar-fence-answer", "rejected", "ashlar-fence-rejection", REJECTED);
    late.countDown();

    assertThat(floor.raise("accounts", fence(7), soon()))
        .isEqualTo(new Standing.Differs(Optional.of(fence(8))));
  }

  private static boolean advancedUntilDone(ManualTime time, Background<?> task) {
    time.advance(Duration.ofSeconds(1));
    return task.isDone();
  }

  @Test
  void anInterruptOfAWriteIsUnknownAndKept() throws Exception {
    Background<Boolean> writing =
        Background.start(
            "writer",
            () -> {
              Thread.currentThread().interrupt();
              Standing standing = floor(address()).check(call(soon()), "accounts", fence(7));
              assertUnknown(standing, Effect.UNKNOWN, new Advice.Transient());
              return Thread.interrupted();
            });
    Eventually.holds("the writer", PATIENCE, writing::isDone);

    assertThat(writing.result()).isTrue();
  }

  @Test
  void aFenceGoesNowhereElse() {
    HttpClient following =
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> HttpFloor.of(following, address()))
        .withMessage("client: follows redirects (expected: HttpClient.Redirect.NEVER)");
  }

  @Test
  void aReplyIsThereOnlyAfterItWasAccepted() {
    FencedCall<String> call = call(soon());
    assertThatIllegalStateException()
        .isThrownBy(call::reply)
        .withMessage("call: no reply (expected: sent by Claim.write)");

    headers = Map.of("ashlar-fence-answer", "accepted");
    status = 404;
    assertThat(floor(address()).check(call, "accounts", fence(7))).isEqualTo(new Standing.Level());

    assertThat(call.reply().status()).as("the service's own").isEqualTo(404);
  }
}
