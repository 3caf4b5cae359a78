package dev.ashlar.examples.benchmarks;

import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Threads that work side by side in one window, watched by the thread that made it. */
public final class Crew {

  private final Window window;
  private final List<Member> members = new ArrayList<>();
  private final Set<Long> ids = new HashSet<>();
  private Map<Long, Long> allocatedBefore = Map.of();

  /** Nobody yet. */
  public Crew(Window window) {
    this.window = window;
  }

  /** What one thread does; the number tells it which one it is. */
  @FunctionalInterface
  public interface Worker {

    /** Works until the window is over. */
    Measured work(int number) throws Exception;
  }

  private record Member(String role, CompletableFuture<Measured> end) {}

  /** Starts threads. */
  public void start(String role, int count, Worker worker) {
    for (int i = 0; i < count; i++) {
      int number = i;
      CompletableFuture<Measured> end = new CompletableFuture<>();
      members.add(new Member(role, end));
      Thread thread = new Thread(() -> run(worker, number, end), role + "-" + i);
      thread.setDaemon(true);
      ids.add(thread.getId());
      thread.start();
    }
  }

  private static void run(Worker worker, int number, CompletableFuture<Measured> end) {
    try {
      end.complete(worker.work(number));
    } catch (Throwable e) {
      // Whoever waits for the end gets it.
      end.completeExceptionally(e);
    }
  }

  /** Waits until the warm-up is over, from when on allocations of other threads count. */
  public void awaitWarmUp() throws InterruptedException {
    TimeSource time = window.time();
    long left = window.fromNanos() - time.nanos();
    if (left > 0) {
      time.sleep(Duration.ofNanos(left));
    }
    allocatedBefore = Allocation.byThread();
  }

  /** Waits until all have ended, and adds up what those of a role have done. */
  public Measured join(String role) throws Exception {
    Measured all = new Measured(window);
    for (Member member : members) {
      Measured one = member.end().get();
      if (member.role().equals(role)) {
        all.addAll(one);
      }
    }
    return all;
  }

  /** Returns what threads that are alive and not of the crew have allocated since the warm-up. */
  public long allocatedByOthers() {
    long[] sum = {0};
    Allocation.byThread()
        .forEach(
            (id, bytes) -> {
              if (!ids.contains(id) && id != Thread.currentThread().getId()) {
                sum[0] += bytes - allocatedBefore.getOrDefault(id, 0L);
              }
            });
    return sum[0];
  }
}
