package dev.ashlar.core.review.samples;

import dev.ashlar.tracing.ContextSnapshot;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** Threads that get no context. */
final class TraceR1 {

  private TraceR1() {}

  @Finds(3)
  static final class Wrong {

    final Executor pool = Executors.newFixedThreadPool(4);

    CompletableFuture<Void> reserve(Runnable work) {
      return CompletableFuture.runAsync(work);
    }

    void later(Runnable work) {
      new Thread(work).start();
    }
  }

  /** It belongs to no request. */
  @Finds(0)
  static final class RightAtTheEnd {

    void closeAtTheEnd(Runnable close) {
      Runtime.getRuntime().addShutdownHook(new Thread(close, "close"));
    }
  }

  @Finds(0)
  static final class Right {

    final Executor pool = ContextSnapshot.carrying(Executors.newFixedThreadPool(4));

    CompletableFuture<Void> reserve(Runnable work) {
      return CompletableFuture.runAsync(work, pool);
    }
  }
}
