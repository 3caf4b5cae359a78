package dev.ashlar.leases.http;

import static dev.ashlar.leases.http.Fences.fence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.guard.FenceRejection;
import dev.ashlar.leases.guard.Floor;
import dev.ashlar.leases.guard.Standing;
import dev.ashlar.leases.jdbc.JdbcFloor;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands on the wire, for those who do not have our client. */
class FencedEndpointTest {

  private static final TimeSource TIME = TimeSource.system();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir Path folder;

  private final List<FenceRejection> told = new CopyOnWriteArrayList<>();
  private Numbers numbers;
  private Service service;

  @BeforeEach
  void start() throws SQLException {
    numbers = new Numbers(folder);
    service = started(JdbcFloor.of(numbers.source()));
  }

  private Service started(Floor<Connection> floor) {
    return new Service(numbers, floor, told::add, new Gates());
  }

  @AfterEach
  void stop() throws SQLException {
    service.close();
    numbers.restart();
  }

  private HttpResponse<String> claim(String... headers) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(service.address("/claims"))
            .POST(HttpRequest.BodyPublishers.noBody());
    return sent(request, headers);
  }

  private HttpResponse<String> put(String... headers) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(service.address("/numbers/accounts"))
            .PUT(HttpRequest.BodyPublishers.ofString("5"));
    return sent(request, headers);
  }

  private static HttpResponse<String> sent(HttpRequest.Builder request, String... headers)
      throws IOException, InterruptedException {
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static void assertAnswer(HttpResponse<String> response, int status, String answer) {
    assertThat(response.headers().allValues("ashlar-fence-answer")).containsExactly(answer);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.body()).isEmpty();
  }

  private static String header(long token) {
    return "1 accounts nightly " + token + " host-" + token + " n-" + token;
  }

  @Test
  void aHolderClaimsAndWrites() throws Exception {
    assertAnswer(claim("ashlar-fence", header(7)), 204, "claimed");

    HttpResponse<String> written = put("ashlar-fence", header(7));

    assertThat(written.statusCode()).isEqualTo(200);
    assertThat(written.headers().allValues("ashlar-fence-answer")).containsExactly("accepted");
    assertThat(written.headers().allValues("cache-control")).containsExactly("no-store");
    assertThat(numbers.read("accounts")).isEqualTo(5);
  }

  @Test
  void aStaleHolderIsToldBothNumbersOnceEachTimeAndOthersOnce() throws Exception {
    claim("ashlar-fence", header(8));
    String rejection = "ashlar-fence-rejection 1 accounts nightly 7 host-7 n-7 8 host-8 n-8";

    for (HttpResponse<String> answer :
        List.of(
            put("ashlar-fence", header(7)),
            put("ashlar-fence", header(7)),
            claim("ashlar-fence", header(7)))) {
      assertAnswer(answer, 409, "rejected");
      assertThat(answer.headers().allValues("ashlar-fence-rejection")).containsExactly(rejection);
    }

    assertThat(told).containsExactly(FenceRejection.parse(rejection));
    assertThat(numbers.read("accounts")).isZero();
  }

  @Test
  void whoHasNotClaimedIsToldSo() throws Exception {
    HttpResponse<String> answer = put("ashlar-fence", header(7));

    assertAnswer(answer, 409, "unclaimed");
    assertThat(answer.headers().allValues("ashlar-fence-rejection"))
        .containsExactly("ashlar-fence-rejection 1 accounts nightly 7 host-7 n-7");
  }

  @Test
  void aRequestWithoutAFenceIsNotLetThrough() throws Exception {
    assertAnswer(put(), 428, "missing");
    assertAnswer(claim(), 428, "missing");
    assertThat(numbers.read("accounts")).isZero();
  }

  @Test
  void whatIsNoFenceIsNotLetThrough() throws Exception {
    claim("ashlar-fence", header(7));

    assertAnswer(put("ashlar-fence", "x"), 400, "malformed");
    assertAnswer(put("ashlar-fence", "1 accounts nightly 07 host-7 n-7"), 400, "malformed");
    assertAnswer(put("ashlar-fence", header(7), "ashlar-fence", header(7)), 400, "malformed");
    assertAnswer(put("ashlar-fence", "1 orders nightly 7 host-7 n-7"), 400, "malformed");
    assertAnswer(claim("ashlar-fence", "x"), 400, "malformed");
    for (String wait : new String[] {"-1", "x", "9999999999", ""}) {
      assertAnswer(claim("ashlar-fence", header(8), "ashlar-fence-wait", wait), 400, "malformed");
    }
    assertThat(numbers.read("accounts")).isZero();
  }

  @Test
  void anotherLeaseIsNoMatterOfNumbers() throws Exception {
    claim("ashlar-fence", header(7));

    assertAnswer(claim("ashlar-fence", "1 accounts weekly 9 host-9 n-9"), 409, "other-lease");
    assertAnswer(put("ashlar-fence", "1 accounts weekly 9 host-9 n-9"), 409, "other-lease");
    assertThat(numbers.read("accounts")).isZero();
  }

  /** The service's own mistake is told to the service, not to its client. */
  @Test
  void aTransactionThatCommitsEachStatementIsTheServicesMistake() throws Exception {
    claim("ashlar-fence", header(7));
    FencedEndpoint<Connection> endpoint =
        FencedEndpoint.of(JdbcFloor.of(numbers.source()), told::add, Observer.none());

    try (Connection careless = numbers.source().getConnection()) {
      assertThatIllegalStateException()
          .isThrownBy(() -> endpoint.admit(List.of(header(7)), careless, "accounts"))
          .withMessageStartingWith("tx: commits each statement");
    }
  }

  @Test
  void onlyAPostClaims() throws Exception {
    HttpRequest.Builder get = HttpRequest.newBuilder(service.address("/claims"));

    HttpResponse<String> refused = sent(get, "ashlar-fence", header(7));
    assertThat(refused.statusCode()).isEqualTo(405);
    assertThat(refused.headers().allValues("allow")).containsExactly("POST");
    assertAnswer(put("ashlar-fence", header(7)), 409, "unclaimed");
  }

  @Test
  void silenceOfTheFloorIsUnknownAndSaysWhatItDid() throws Exception {
    service.close();
    service = started(silent(Effect.NONE));
    HttpResponse<String> none = claim("ashlar-fence", header(7));
    assertAnswer(none, 503, "unknown");
    assertThat(none.headers().allValues("ashlar-effect")).containsExactly("none");
    assertAnswer(put("ashlar-fence", header(7)), 503, "unknown");

    service.close();
    service = started(silent(Effect.UNKNOWN));
    assertThat(claim("ashlar-fence", header(7)).headers().allValues("ashlar-effect")).isEmpty();
  }

  private static Floor<Connection> silent(Effect effect) {
    BackendException failure =
        new BackendException("floor: down", effect, new Advice.Transient(), null);
    return new Floor<>() {
      @Override
      public Standing raise(String resource, Fence fence, Deadline deadline) {
        return new Standing.Unknown(failure);
      }

      @Override
      public Standing check(Connection tx, String resource, Fence fence) {
        return new Standing.Unknown(failure);
      }
    };
  }

  @Test
  void aClaimHasAThreadForAMinuteAtMost() {
    FencedEndpoint<Connection> endpoint =
        FencedEndpoint.of(silent(Effect.NONE), rejection -> {}, Observer.none());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> endpoint.claims(TIME, Duration.ofSeconds(61)))
        .withMessage("waitMax: PT1M1S (expected: PT0.001S to PT1M)");
    assertThatIllegalArgumentException().isThrownBy(() -> endpoint.claims(TIME, Duration.ZERO));
  }

  /** Who has a server of another make uses the values. */
  @Test
  void anAdmissionNeedsNoServer() throws Exception {
    FencedEndpoint<Connection> endpoint =
        FencedEndpoint.of(JdbcFloor.of(numbers.source()), told::add, Observer.none());
    Deadline deadline = Deadline.after(Duration.ofSeconds(30), TIME);
    FenceHeader header = new FenceHeader("accounts", fence(7));
    assertThat(endpoint.claim(List.of(header.text()), deadline).kind())
        .isEqualTo(FenceAnswer.Kind.CLAIMED);

    try (Connection tx = numbers.begin()) {
      assertThat(endpoint.admit(List.of(header.text()), tx, "accounts"))
          .isInstanceOfSatisfying(
              Admission.Admitted.class,
              admitted -> {
                assertThat(admitted.fence()).isEqualTo(fence(7));
                assertThat(admitted.answer().headers())
                    .containsOnly(
                        Map.entry("ashlar-fence-answer", "accepted"),
                        Map.entry("cache-control", "no-store"));
              });
      tx.rollback();
    }
    assertThat(told).isEmpty();
  }

  /** The rejection has gone out when the answer is made, so it may get lost. */
  @Test
  void aRejectionGoesOutWithoutAnAnswer() throws Exception {
    FencedEndpoint<Connection> endpoint =
        FencedEndpoint.of(JdbcFloor.of(numbers.source()), told::add, Observer.none());
    Deadline deadline = Deadline.after(Duration.ofSeconds(30), TIME);
    FenceHeader later = new FenceHeader("accounts", fence(8));
    assertThat(endpoint.claim(List.of(later.text()), deadline).kind())
        .isEqualTo(FenceAnswer.Kind.CLAIMED);

    try (Connection tx = numbers.begin()) {
      List<String> stale = List.of(new FenceHeader("accounts", fence(7)).text());
      Admission unanswered = endpoint.admit(stale, tx, "accounts");
      assertThat(unanswered).isInstanceOf(Admission.Refused.class);
      tx.rollback();
    }

    assertThat(told)
        .containsExactly(new FenceRejection("accounts", fence(7), Optional.of(fence(8))));
  }
}
