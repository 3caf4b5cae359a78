package dev.ashlar.examples.shop.page;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.TimeSource;
import dev.ashlar.tracing.ContextSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Asks for all parts at once, each up to three times, and waits for all of them.
 *
 * <p>Every call has a time limit, and the page has none: three attempts of a slow part take three
 * times as long, and the slowest part decides about all.
 */
final class PlainPage implements ProductPage {

  private static final int ATTEMPTS = 3;
  private static final Duration ATTEMPT_MAX = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final PartDoor door;
  private final ExecutorService threads;
  private final TimeSource time;

  PlainPage(PartDoor door, ExecutorService threads, TimeSource time) {
    this.door = door;
    this.threads = threads;
    this.time = time;
  }

  @Override
  public Shown show(long page, CallContext context) throws InterruptedException {
    List<Future<String>> parts = new ArrayList<>();
    for (PagePart part : PagePart.values()) {
      parts.add(threads.submit(ContextSnapshot.now().wrap(() -> ask(part, page, context))));
    }
    boolean whole = true;
    for (Future<String> part : parts) {
      try {
        part.get();
      } catch (ExecutionException e) {
        whole = false;
      }
    }
    return whole ? Shown.WHOLE : Shown.FAILED;
  }

  private String ask(PagePart part, long page, CallContext context) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        return door.ask(part, page, context.child(ATTEMPT_MAX).forAttempt(attempt));
      } catch (BackendException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        time.sleep(PAUSE.multipliedBy(attempt));
      }
    }
  }
}
