package dev.ashlar.examples;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.CallContext.Trust;
import dev.ashlar.core.Codec;
import dev.ashlar.core.Criticality;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.RetryRight;
import dev.ashlar.core.TimeSource;
import dev.ashlar.resilience.Outcome;
import dev.ashlar.resilience.Pipeline;
import dev.ashlar.resilience.PipelinePolicy;
import dev.ashlar.resilience.http.HttpCaller;
import dev.ashlar.resilience.http.HttpHandler;
import dev.ashlar.resilience.http.HttpRoute;
import dev.ashlar.resilience.http.HttpRoutes;
import dev.ashlar.resilience.http.HttpService;
import dev.ashlar.resilience.http.HttpServiceOptions;
import dev.ashlar.resilience.retry.Backoff;
import dev.ashlar.resilience.retry.BudgetPolicy;
import dev.ashlar.resilience.retry.RetryPolicy;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * Three hops over HTTP before a stock service that is down, each of which would try three times:
 * the requests that reach it when every layer retries, when the highest retries alone, and when a
 * budget bounds the retries of many calls.
 */
public final class ThreeHopRetries {

  private static final TimeSource TIME = TimeSource.system();
  private static final HttpRoute<String, String> STOCK =
      HttpRoute.post("/stock", Codec.utf8(), Codec.utf8());

  // Short, so that the example is: real services want the standard waits.
  private static final Backoff BRIEF = new Backoff(Duration.ofMillis(1), Duration.ofMillis(4));

  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger reached = new AtomicInteger();

  private ThreeHopRetries() {}

  /** Runs the example on the console. */
  public static void main(String[] args) throws Exception {
    run(System.out);
  }

  static void run(PrintStream out) throws Exception {
    ThreeHopRetries example = new ThreeHopRetries();
    BudgetPolicy plenty = new BudgetPolicy(1, 1000, 1000);
    BudgetPolicy small = new BudgetPolicy(0.1, 0, 5);
    out.println("One call through three hops to a service that is down, three attempts each.");
    out.println("Requests that reach it:");
    out.println(
        "  every layer retries:   " + example.requests(ThreeHopRetries::forgotten, plenty, 1));
    out.println(
        "  the highest retries:   " + example.requests(UnaryOperator.identity(), plenty, 1));
    out.println("Ten calls, one after the other:");
    out.println(
        "  every layer retries:   " + example.requests(ThreeHopRetries::forgotten, plenty, 10));
    out.println(
        "  the highest retries:   " + example.requests(UnaryOperator.identity(), plenty, 10));
    out.println(
        "  and has a budget:      " + example.requests(UnaryOperator.identity(), small, 10));
  }

  /** What a hop does that does not hand the context on: the next layer believes it is the first. */
  private static CallContext forgotten(CallContext context) {
    return context.withRetryRight(RetryRight.FREE);
  }

  private int requests(UnaryOperator<CallContext> hop, BudgetPolicy budget, int calls)
      throws InterruptedException {
    reached.set(0);
    Deque<HttpService> services = new ArrayDeque<>();
    try {
      services.push(service(this::isDown));
      for (int i = 0; i < 2; i++) {
        Asking next = asking(services.element().address(), budget);
        services.push(
            service((product, context) -> next.ask(product, hop.apply(context)).orThrow()));
      }
      Asking first = asking(services.element().address(), budget);
      for (int i = 0; i < calls; i++) {
        Deadline deadline = Deadline.after(Duration.ofSeconds(20), TIME);
        Outcome<String> failed =
            first.ask("p-17", CallContext.root(IdSource.system(), deadline, "shop"));
        if (!(failed instanceof Outcome.Failed)) {
          throw new IllegalStateException("answered by a service that is down");
        }
      }
      return reached.get();
    } finally {
      services.forEach(HttpService::close);
    }
  }

  /** Asks one service through one pipeline. */
  private interface Asking {
    Outcome<String> ask(String product, CallContext context) throws InterruptedException;
  }

  private Asking asking(URI address, BudgetPolicy budget) {
    // [readme:pipeline]
    PipelinePolicy policy =
        PipelinePolicy.of("stock", Duration.ofSeconds(10), Duration.ofSeconds(3))
            .withIdempotent()
            .withRetry(RetryPolicy.standard().withBackoff(BRIEF))
            .withBudget(budget)
            .withoutBreaker();
    Pipeline pipeline = Pipeline.of(policy, TIME, new SplittableRandom(17), Observer.none());
    HttpCaller caller = HttpCaller.of(client, address, Observer.none());
    return (product, context) ->
        pipeline.tryCall(context, attempt -> caller.call(STOCK, product, attempt));
    // [/readme]
  }

  private static HttpService service(HttpHandler<String, String> handler) {
    CallContext.Receiver receiver =
        new CallContext.Receiver(
            Trust.PEER,
            Criticality.CRITICAL_PLUS,
            Duration.ofMinutes(1),
            IdSource.system(),
            TIME,
            Observer.none());
    return HttpService.start(
        HttpRoutes.none().with(STOCK, handler), HttpServiceOptions.of(receiver));
  }

  private String isDown(String product, CallContext context) {
    reached.incrementAndGet();
    throw new BackendException("stock: down", Effect.NONE, new Advice.Transient(), null);
  }
}
