package dev.ashlar.examples.house.samples.messaging;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Each waits for another thread with a limit that is no Deadline. */
public final class Meetings {
  private Meetings() {}

  public static final class AwaitsALatch {
    public boolean pause(CountDownLatch latch) throws InterruptedException {
      return latch.await(1, TimeUnit.SECONDS);
    }
  }

  public static final class Polls {
    public Object pause(BlockingQueue<String> queue) throws InterruptedException {
      return queue.poll(1, TimeUnit.SECONDS);
    }
  }

  public static final class Gets {
    public Object pause(Future<String> future) throws Exception {
      return future.get(1, TimeUnit.SECONDS);
    }
  }
}
