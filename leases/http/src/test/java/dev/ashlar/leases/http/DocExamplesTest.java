package dev.ashlar.leases.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.MemoryLeaseStore;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Fenced;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.jdbc.JdbcFloor;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples shown in doc comments of this module. */
class DocExamplesTest {

  @TempDir Path folder;

  @Test
  void aServiceIsWrittenToUnderALease() throws Exception {
    TimeSource time = TimeSource.system();
    Deadline deadline = Deadline.after(Duration.ofSeconds(30), time);
    Numbers numbers = new Numbers(folder);
    HttpServer server = server(numbers, time);
    URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    URI claims = address.resolve("/claims");
    HttpRequest request =
        HttpRequest.newBuilder(address.resolve("/balance"))
            .PUT(HttpRequest.BodyPublishers.ofString("150"))
            .build();
    LeaseOptions options = LeaseOptions.of("host-1", Seeds.random(Seeds.next()));
    Leases leases =
        Leases.of(MemoryLeaseStore.of(time), options, IdSource.system(), time, Observer.none());
    try (Lease lease = leases.acquire(new LeaseName("nightly"), deadline).lease().orElseThrow()) {
      // [doc:HttpFloor]
      Guard<FencedCall<?>> guard =
          Guard.over(HttpFloor.of(HttpClient.newHttpClient(), claims), Observer.none());
      Claim<FencedCall<?>> claim = guard.claim("accounts", lease, deadline).orThrow();
      // [/doc]
      // [doc:FencedCall]
      FencedCall<String> call = FencedCall.of(request, BodyHandlers.ofString(), deadline);
      Fenced<FencedCall.Reply<String>> written = claim.write(call, call::reply);
      // [/doc]
      assertThat(written.orThrow().status()).isEqualTo(200);
    } finally {
      server.stop(0);
    }
    assertThat(numbers.read("balance")).isEqualTo(150);
    numbers.restart();
  }

  private static HttpServer server(Numbers numbers, TimeSource time) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    FencedEndpoint<Connection> endpoint =
        FencedEndpoint.of(JdbcFloor.of(numbers.source()), rejection -> {}, Observer.none());
    server.createContext("/claims", endpoint.claims(time, Duration.ofSeconds(10)));
    server.createContext(
        "/balance",
        exchange -> {
          try (exchange;
              Connection tx = numbers.begin()) {
            balance(exchange, endpoint, numbers, tx);
          } catch (SQLException e) {
            throw new IOException(e);
          }
        });
    server.start();
    return server;
  }

  private static void balance(
      HttpExchange exchange, FencedEndpoint<Connection> endpoint, Numbers numbers, Connection tx)
      throws IOException, SQLException {
    String body = new String(exchange.getRequestBody().readNBytes(32), StandardCharsets.US_ASCII);
    // [doc:FencedEndpoint]
    Admission admission = endpoint.admit(fences(exchange), tx, "accounts");
    if (admission instanceof Admission.Admitted admitted) {
      numbers.write(tx, "balance", Long.parseLong(body));
      tx.commit();
      answer(exchange, 200, admitted.answer().headers());
    } else if (admission instanceof Admission.Refused refused) {
      tx.rollback();
      refused.answer().send(exchange);
    }
    // [/doc]
  }

  private static List<String> fences(HttpExchange exchange) {
    return exchange.getRequestHeaders().getOrDefault(FenceHeader.NAME, List.of());
  }

  private static void answer(HttpExchange exchange, int status, Map<String, String> headers)
      throws IOException {
    headers.forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(status, -1);
  }
}
