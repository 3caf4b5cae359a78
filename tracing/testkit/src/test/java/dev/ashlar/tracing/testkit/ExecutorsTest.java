package dev.ashlar.tracing.testkit;

import dev.ashlar.core.testkit.Subject;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Nested;

/** Every kind of executor that a JDK has. */
class ExecutorsTest {

  @Nested
  @Subject("propagation")
  class Fixed extends Carriers {
    @Override
    Executor open() {
      return fixed();
    }
  }

  @Nested
  @Subject("propagation")
  class Scheduled extends Carriers {
    @Override
    Executor open() {
      return scheduled();
    }
  }

  @Nested
  @Subject("propagation")
  class ForkJoin extends Carriers {
    @Override
    Executor open() {
      return forkJoin();
    }
  }

  @Nested
  @Subject("propagation")
  class WrappedTwice extends Carriers {
    @Override
    Executor open() {
      return fixed();
    }

    @Override
    protected Executor carrying(Executor executor) {
      return super.carrying(super.carrying(executor));
    }
  }

  /** Where the JDK has virtual threads, those; on Java 17 another pool of the kind they run on. */
  @Nested
  @Subject("propagation")
  class Virtual extends Carriers {
    @Override
    Executor open() throws Exception {
      return virtual().orElseGet(Carriers::forkJoin);
    }
  }
}
