package dev.ashlar.examples.shop.page;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.resilience.Outcome;
import dev.ashlar.resilience.Pipeline;
import dev.ashlar.resilience.PipelinePolicy;
import dev.ashlar.resilience.RefusedHereException;
import dev.ashlar.tracing.ContextSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;

/**
 * Asks for all parts at once, within one deadline, and shows something else for a part that does
 * not come: no advert, what sells best, the price as it was last seen.
 */
final class DegradingPage implements ProductPage {

  /** What is left of a visitor's patience when the page is to be drawn. */
  private static final Duration WHOLE_PAGE = Duration.ofMillis(200);

  private static final Duration ATTEMPT_MAX = Duration.ofMillis(100);
  private static final String NOTHING = "";
  private static final String BESTSELLERS = "tea, bread, salt";
  private static final String ON_REQUEST = "price on request";

  private final PartDoor door;
  private final ExecutorService threads;
  private final Map<PagePart, Pipeline> pipelines = new EnumMap<>(PagePart.class);

  /** One price list; a shop with more keeps a bounded cache here. */
  private final Map<PagePart, String> lastSeen = new ConcurrentHashMap<>();

  DegradingPage(
      PartDoor door,
      ExecutorService threads,
      TimeSource time,
      RandomGenerator random,
      Observer observer) {
    this.door = door;
    this.threads = threads;
    for (PagePart part : PagePart.values()) {
      PipelinePolicy policy =
          PipelinePolicy.of(part.label(), WHOLE_PAGE, ATTEMPT_MAX).withIdempotent();
      pipelines.put(part, Pipeline.of(policy, time, random, observer));
    }
  }

  @Override
  public Shown show(long page, CallContext context) throws InterruptedException {
    CallContext whole = context.child(WHOLE_PAGE);
    List<Future<Outcome<String>>> parts = new ArrayList<>();
    for (PagePart part : PagePart.values()) {
      parts.add(threads.submit(ContextSnapshot.now().wrap(() -> ask(part, page, whole))));
    }
    Shown shown = Shown.WHOLE;
    for (Future<Outcome<String>> part : parts) {
      try {
        shown = worse(shown, part.get());
      } catch (ExecutionException e) {
        shown = Shown.FAILED;
      }
    }
    return shown;
  }

  private static Shown worse(Shown so, Outcome<String> part) {
    if (part instanceof Outcome.Failed || so == Shown.FAILED) {
      return Shown.FAILED;
    }
    return part instanceof Outcome.Degraded ? Shown.DEGRADED : so;
  }

  private Outcome<String> ask(PagePart part, long page, CallContext whole)
      throws InterruptedException {
    Pipeline pipeline = pipelines.get(part);
    if (pipeline == null) {
      throw new IllegalStateException(part.label() + ": no pipeline");
    }
    Outcome<String> outcome =
        pipeline.tryCall(
            whole,
            attempt -> {
              String text = door.ask(part, page, attempt);
              if (part == PagePart.PRICES) {
                lastSeen.put(part, text);
              }
              return text;
            },
            (context, failure) -> instead(part));
    return outcome instanceof Outcome.Failed<String> failed
        ? unlessAMistake(part, failed)
        : outcome;
  }

  /**
   * Whose turn came when the time was over already was not even asked, and has a substitute too.
   */
  private Outcome<String> unlessAMistake(PagePart part, Outcome.Failed<String> failed) {
    return failed.failure() instanceof RefusedHereException
        ? new Outcome.Degraded<>(instead(part), failed)
        : failed;
  }

  private String instead(PagePart part) {
    return switch (part) {
      case ADVERTS -> NOTHING;
      case RECOMMENDATIONS -> BESTSELLERS;
      case PRICES -> lastSeen.getOrDefault(part, ON_REQUEST);
    };
  }
}
