package dev.ashlar.leases.world;

import dev.ashlar.core.testkit.history.CallHistory;
import dev.ashlar.core.testkit.history.Counter;
import dev.ashlar.core.testkit.history.Linearizability;
import dev.ashlar.core.testkit.world.World;
import java.util.List;
import java.util.Map;

/** A number is read, and written back one larger: whoever writes over another's loses it. */
final class Counting implements Workload<Long> {

  private static final int OPERATIONS_MAX = 100_000;
  private static final String COUNTER = "counter";

  private final CallHistory<Counter.Input, Long> history;

  Counting(World<Message<Long>> world) {
    history = CallHistory.of(world.time(), OPERATIONS_MAX);
  }

  @Override
  public List<String> resources() {
    return List.of(COUNTER);
  }

  @Override
  public Long empty() {
    return 0L;
  }

  @Override
  public Job<Long> job(String worker, long token) {
    return contents -> {
      long next = contents.getOrDefault(COUNTER, 0L) + 1;
      CallHistory.Call<Counter.Input, Long> call =
          history.invoke(worker + " " + token, COUNTER, new Counter.Add(1));
      return new Change<>(COUNTER, next, () -> call.ok(next));
    };
  }

  @Override
  public void end(Map<String, Long> contents) {
    history.invoke("the end", COUNTER, new Counter.Read()).ok(contents.getOrDefault(COUNTER, 0L));
    Linearizability.of(Counter.startingAt(0)).check(history.operations()).orThrow();
  }
}
