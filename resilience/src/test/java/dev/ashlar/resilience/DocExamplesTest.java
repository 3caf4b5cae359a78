package dev.ashlar.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The examples shown in doc comments of this module. */
class DocExamplesTest {

  private final RandomGenerator random = new SplittableRandom(1);
  private final TimeSource time = TimeSource.system();
  private final CallContext context =
      CallContext.root(IdSource.system(), Deadline.after(Duration.ofSeconds(5), time), "web");
  private final Shelf client = (product, attempt) -> product + " by " + attempt.client();

  private interface Shelf {
    String page(String product, CallContext attempt);
  }

  @Test
  void aPageIsCalledFor() throws InterruptedException {
    // [doc:Pipeline]
    PipelinePolicy policy =
        PipelinePolicy.of("catalog", Duration.ofSeconds(2), Duration.ofMillis(600))
            .withIdempotent();
    Pipeline catalog = Pipeline.of(policy, TimeSource.system(), random, Observer.none());

    String page = catalog.call(context, attempt -> client.page("p-17", attempt));
    // [/doc]
    assertThat(page).isEqualTo("p-17 by web");
  }
}
