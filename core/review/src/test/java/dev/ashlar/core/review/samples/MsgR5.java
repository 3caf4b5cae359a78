package dev.ashlar.core.review.samples;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.MemoryQueue;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Queues without a bound. */
final class MsgR5 {

  private MsgR5() {}

  @Finds(2)
  static final class Wrong {

    // [readme:unbounded]
    final BlockingQueue<Order> waiting = new LinkedBlockingQueue<>();
    final ExecutorService pool = Executors.newFixedThreadPool(4); // Its queue has no bound.
    // [/readme]
  }

  @Finds(3)
  static final class WrongInOtherWays {

    final ConcurrentLinkedQueue<Order> linked = new ConcurrentLinkedQueue<>();
    final BlockingQueue<Order> copied = new LinkedBlockingQueue<>(List.of());

    Runnable cached() {
      return () -> Executors.newCachedThreadPool().shutdown();
    }
  }

  @Finds(0)
  static final class Right {

    // [readme:bounded]
    final BlockingQueue<Order> waiting = new ArrayBlockingQueue<>(1000);
    final ExecutorService pool =
        new ThreadPoolExecutor(
            4,
            4,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(100),
            new ThreadPoolExecutor.CallerRunsPolicy()); // Whoever submits too much works itself.
    final MessageQueue orders =
        MemoryQueue.of("orders", QueueOptions.capacity(1000), TimeSource.system(), Observer.none());
    // [/readme]
    final BlockingQueue<Order> alsoBounded = new LinkedBlockingQueue<>(10);
  }
}
