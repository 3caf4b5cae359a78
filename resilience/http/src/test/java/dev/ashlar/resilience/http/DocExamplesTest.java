package dev.ashlar.resilience.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Codec;
import dev.ashlar.core.Observer;
import dev.ashlar.resilience.Pipeline;
import dev.ashlar.resilience.PipelinePolicy;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The examples shown in doc comments of this module. */
class DocExamplesTest {

  private final CallContext.Receiver receiver =
      Calls.receiver(CallContext.Trust.PEER, Observer.none());
  private final CallContext context = Calls.context();
  private final Pipeline pipeline =
      Pipeline.of(
          PipelinePolicy.of("stock", Duration.ofSeconds(20), Duration.ofSeconds(10)),
          Calls.TIME,
          new SplittableRandom(1),
          Observer.none());

  @Test
  void aServiceIsAsked() throws InterruptedException {
    // [doc:HttpService]
    HttpRoute<String, String> reserve = HttpRoute.post("/reserve", Codec.utf8(), Codec.utf8());
    HttpRoutes routes =
        HttpRoutes.none().with(reserve, (product, context) -> "reserved " + product);
    HttpService service = HttpService.start(routes, HttpServiceOptions.of(receiver));
    URI address = service.address();
    // [/doc]
    try (service) {
      // [doc:HttpCaller]
      HttpCaller stock = HttpCaller.of(HttpClient.newHttpClient(), address, Observer.none());
      String reserved = pipeline.call(context, attempt -> stock.call(reserve, "p-17", attempt));
      // [/doc]
      assertThat(reserved).isEqualTo("reserved p-17");
    }
  }
}
