package dev.ashlar.resilience.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Headers;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What an observer is told of both sides of a call, and in whose context. */
class ObservedTest {

  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final Observer observer =
      new Observer() {
        @Override
        public <T, X extends Exception> T around(Operation operation, Headers out, Body<T, X> body)
            throws X {
          seen.add(new Seen(operation, CallContext.current()));
          return body.run(out.with("Seen-By", operation.kind().toString()));
        }
      };
  private final List<CallContext> handled = new CopyOnWriteArrayList<>();

  private record Seen(Operation operation, Optional<CallContext> context) {}

  private HttpService service() {
    HttpRoutes routes =
        HttpRoutes.none()
            .with(
                Calls.ASK,
                (question, context) -> {
                  handled.add(context);
                  assertThat(CallContext.current()).contains(context);
                  return question;
                });
    return HttpService.start(
        routes, HttpServiceOptions.of(Calls.receiver(CallContext.Trust.PEER, observer)));
  }

  @Test
  void eachSideIsAnOperationInTheContextOfItsOwnWork() throws Exception {
    CallContext context =
        CallContext.root(
            IdSource.system(), Deadline.after(Duration.ofSeconds(30), Calls.TIME), "test");
    try (HttpService service = service()) {
      URI address = service.address();

      String answer = HttpCaller.of(Calls.CLIENT, address, observer).call(Calls.ASK, "hi", context);

      assertThat(answer).isEqualTo("hi");
      assertThat(seen).hasSize(2);
      Seen client = seen.get(0);
      assertThat(client.context()).contains(context);
      assertThat(client.operation().kind()).isEqualTo(Operation.Kind.CLIENT);
      assertThat(client.operation().attributes())
          .isEqualTo(Map.of("server.address", address.getHost()));
      Seen server = seen.get(1);
      assertThat(server.context()).contains(handled.get(0));
      assertThat(server.operation().kind()).isEqualTo(Operation.Kind.SERVER);
      assertThat(server.operation().in().orElseThrow().first("Seen-By")).contains("CLIENT");
    }
  }

  @Test
  void whatTheObserverAddsToAnAnswerIsSent() throws Exception {
    try (HttpService service = service()) {
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(service.address().resolve(Calls.ASK.path()))
                      .timeout(Duration.ofSeconds(30))
                      .header("Content-Type", Calls.ASK.question().mediaType())
                      .POST(HttpRequest.BodyPublishers.ofString("hi"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());

      assertThat(response.headers().firstValue("Seen-By")).contains("SERVER");
    }
  }
}
