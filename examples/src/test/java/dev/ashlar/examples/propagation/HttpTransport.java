package dev.ashlar.examples.propagation;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Codec;
import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.resilience.http.HttpCaller;
import dev.ashlar.resilience.http.HttpRoute;
import dev.ashlar.resilience.http.HttpRoutes;
import dev.ashlar.resilience.http.HttpService;
import dev.ashlar.resilience.http.HttpServiceOptions;
import dev.ashlar.tracing.ContextSnapshot;
import dev.ashlar.tracing.testkit.TransportContract.Handler;
import dev.ashlar.tracing.testkit.TransportContract.Transport;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * A client and a service. Each request waits in a thread of the service, where it is delivered;
 * meanwhile its client waits for the answer in a thread that has taken over the sender's context.
 */
final class HttpTransport implements Transport, AutoCloseable {

  /** More than any test of the contract has under way at once. */
  private static final int THREADS = 128;

  private static final HttpRoute<String, String> TELL =
      HttpRoute.post("/tell", Codec.utf8(), Codec.utf8());

  private final List<Request> arrived = new CopyOnWriteArrayList<>();
  private final HttpService service;
  private final HttpCaller caller;

  HttpTransport(Observer observer) {
    service =
        HttpService.start(
            HttpRoutes.none().with(TELL, (text, context) -> answer(text)),
            HttpServiceOptions.of(Peers.receiver(observer)).withThreads(THREADS, 0));
    HttpClient client = HttpClient.newBuilder().connectTimeout(Peers.PATIENCE).build();
    caller = HttpCaller.of(client, service.address(), observer);
  }

  private String answer(String text) {
    Request request = new Request();
    arrived.add(request);
    Handler handler = request.handler.join();
    try {
      handler.handle(text);
      request.handled.complete(true);
    } catch (Exception | AssertionError e) {
      request.handled.completeExceptionally(e);
    }
    return "told";
  }

  @Override
  public void send(String text) throws Exception {
    CallContext context = CallContext.current().orElseThrow();
    int before = arrived.size();
    FutureTask<String> call = new FutureTask<>(() -> caller.call(TELL, text, context));
    new Thread(ContextSnapshot.now().wrap(call)).start();
    Eventually.holds("arrival", Peers.PATIENCE, () -> arrived.size() > before || call.isDone());
    if (call.isDone()) {
      call.get();
    }
  }

  @Override
  public void deliver(Handler handler) throws Exception {
    List<Request> due = new ArrayList<>(arrived);
    due.removeIf(request -> request.handler.isDone());
    for (Request request : due) {
      request.handler.complete(handler);
      request.handled.get(Peers.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  /** Answers what nobody will deliver any more, so that this can be used again. */
  HttpTransport emptied() throws Exception {
    deliver(text -> {});
    return this;
  }

  @Override
  public void close() {
    service.close();
  }

  /** A request that has arrived. */
  private static final class Request {
    private final CompletableFuture<Handler> handler = new CompletableFuture<>();
    private final CompletableFuture<Boolean> handled = new CompletableFuture<>();
  }
}
