package dev.ashlar.examples.shop.run;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Codec;
import dev.ashlar.core.Criticality;
import dev.ashlar.core.Effect;
import dev.ashlar.core.IdSource;
import dev.ashlar.examples.shop.fault.Fault;
import dev.ashlar.examples.shop.fault.FaultLog;
import dev.ashlar.examples.shop.log.ServiceLog;
import dev.ashlar.examples.shop.page.PagePart;
import dev.ashlar.examples.shop.page.PartDoor;
import dev.ashlar.resilience.http.HttpCaller;
import dev.ashlar.resilience.http.HttpRoute;
import dev.ashlar.resilience.http.HttpRoutes;
import dev.ashlar.resilience.http.HttpService;
import dev.ashlar.resilience.http.HttpServiceOptions;
import dev.ashlar.serialization.JsonCodec;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/** The backends of the product page: adverts, recommendations and prices, over HTTP. */
final class PageBackends implements PartDoor, AutoCloseable {

  private static final Codec<Question> CODEC = JsonCodec.of(Question.class);
  private static final Duration CONNECT_MAX = Duration.ofSeconds(1);

  private final World world;
  private final ServiceLog log;
  private final FaultLog faults;
  private final Map<PagePart, HttpRoute<Question, String>> routes = new EnumMap<>(PagePart.class);

  /** An entry for each page that the schedule names, and no more. */
  private final Map<Question, Integer> failures = new ConcurrentHashMap<>();

  private final HttpService service;
  private final HttpCaller caller;

  private PageBackends(World world, ServiceLog page) {
    this.world = world;
    log = world.logs().ofPages("page-parts");
    faults = log.watch(world.log());
    HttpRoutes all = HttpRoutes.none();
    for (PagePart part : PagePart.values()) {
      HttpRoute<Question, String> route = HttpRoute.post(part.path(), CODEC, Codec.utf8());
      routes.put(part, route);
      all = all.with(route, (question, context) -> answer(part, question));
    }
    CallContext.Receiver receiver =
        new CallContext.Receiver(
            CallContext.Trust.PEER,
            Criticality.CRITICAL,
            Duration.ofMinutes(1),
            IdSource.of(world.time(), new Random(1)),
            world.time(),
            log);
    service = HttpService.start(all, HttpServiceOptions.of(receiver));
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_MAX)
            .build();
    caller = HttpCaller.of(client, service.address(), page);
  }

  /**
   * Starts them.
   *
   * @param page the log of whoever puts the page together
   */
  static PageBackends start(World world, ServiceLog page) {
    return new PageBackends(world, page);
  }

  private String answer(PagePart part, Question question) throws InterruptedException {
    long page = question.page();
    Optional<Fault.Slow> slow = world.schedule().find(Fault.Slow.class, part, page);
    if (slow.isPresent()) {
      faults.note("slow", part, page);
      world.time().sleep(slow.get().length());
    }
    Optional<Fault.Fail> fail = world.schedule().find(Fault.Fail.class, part, page);
    if (fail.isPresent() && failures.merge(question, 1, Integer::sum) <= fail.get().times()) {
      faults.note("fail", part, page);
      throw new BackendException(
          part.label() + ": failed by the schedule", Effect.NONE, new Advice.Transient(), null);
    }
    return part.label() + " for page " + page;
  }

  @Override
  public String ask(PagePart part, long page, CallContext context) throws InterruptedException {
    HttpRoute<Question, String> route = routes.get(part);
    if (route == null) {
      throw new IllegalArgumentException("part: " + part.label() + " (expected: one with a route)");
    }
    return caller.call(route, new Question(part.label(), page), context);
  }

  @Override
  public void close() {
    service.close();
    log.close();
  }

  /**
   * What a page asks a backend.
   *
   * @param part names the backend
   * @param page counts from 1
   */
  record Question(String part, long page) {}
}
