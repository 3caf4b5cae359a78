package dev.ashlar.examples.shop.run;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.examples.shop.service.Door;
import dev.ashlar.examples.shop.service.Job;
import dev.ashlar.examples.shop.service.Service;
import dev.ashlar.resilience.http.HttpCaller;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/** The way to a service over HTTP, wherever it is now. */
final class HttpDoor implements Door {

  private static final Duration CONNECT_MAX = Duration.ofSeconds(1);

  private final Service service;
  private final Addresses addresses;
  private final Observer observer;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_MAX)
          .executor(Runnable::run)
          .build();

  /** One for each start of the service, of which a run has a few dozen at most. */
  private final Map<Integer, HttpCaller> callers = new ConcurrentHashMap<>();

  HttpDoor(Service service, Addresses addresses, Observer observer) {
    this.service = service;
    this.addresses = addresses;
    this.observer = observer;
  }

  @Override
  public void ask(Job job) throws InterruptedException {
    OptionalInt port = addresses.port(service);
    if (port.isEmpty()) {
      throw new BackendException(
          service.label() + ": not there yet", Effect.NONE, new Advice.Transient(), null);
    }
    String unused =
        callers
            .computeIfAbsent(port.getAsInt(), this::caller)
            .call(Asked.route(service), new Asked(job.number(), job.order()), job.context());
  }

  private HttpCaller caller(int port) {
    return HttpCaller.of(client, URI.create("http://127.0.0.1:" + port), observer);
  }
}
