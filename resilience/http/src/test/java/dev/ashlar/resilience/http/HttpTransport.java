package dev.ashlar.resilience.http;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Codec;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Headers;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.resilience.testkit.TestedTransport;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.SplittableRandom;

/** Client and service of this module, as the contract sees them. */
final class HttpTransport implements TestedTransport {

  static final HttpRoute<String, String> ASK = HttpRoute.post("/ask", Codec.utf8(), Codec.utf8());

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private final HttpService service;

  private HttpTransport(HttpService service) {
    this.service = service;
  }

  static HttpTransport open(Setting setting) {
    HttpServiceOptions options =
        HttpServiceOptions.of(setting.receiver())
            .withThreads(setting.threads(), setting.queueMax());
    return new HttpTransport(
        HttpService.start(HttpRoutes.none().with(ASK, setting.answering()::answer), options));
  }

  @Override
  public String ask(String question, Headers headers, Deadline patience)
      throws InterruptedException {
    IdSource ids = IdSource.of(patience.time(), new SplittableRandom(1));
    return HttpCaller.of(client, service.address(), sending(headers))
        .call(ASK, question, CallContext.root(ids, patience, "patient"));
  }

  /** An observer that puts other headers on the way, as tracing adds its own. */
  static Observer sending(Headers headers) {
    return new Observer() {
      @Override
      public <T, X extends Exception> T around(Operation operation, Headers out, Body<T, X> body)
          throws X {
        return body.run(headers);
      }
    };
  }

  @Override
  public void close() {
    service.close();
  }
}
