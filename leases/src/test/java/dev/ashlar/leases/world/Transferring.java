package dev.ashlar.leases.world;

import dev.ashlar.core.testkit.history.CallHistory;
import dev.ashlar.core.testkit.history.Counter;
import dev.ashlar.core.testkit.history.Linearizability;
import dev.ashlar.core.testkit.world.World;
import java.util.List;
import java.util.Map;

/**
 * One unit after the other goes from one resource to another, by two guarded writes. Promised is
 * what is promised of each write; so the sum is short of one unit for each tenure that ended
 * between the two, and of none else.
 */
final class Transferring implements Workload<Long> {

  private static final int OPERATIONS_MAX = 100_000;
  private static final String FROM = "from";
  private static final String TO = "to";

  private final CallHistory<Counter.Input, Long> history;
  private final Half half;
  private long begun;
  private long acknowledged;

  /** Counts runs in which a transfer was left half done. */
  static final class Half {
    private int runs;

    int runs() {
      return runs;
    }
  }

  Transferring(World<Message<Long>> world, Half half) {
    this.history = CallHistory.of(world.time(), OPERATIONS_MAX);
    this.half = half;
  }

  @Override
  public List<String> resources() {
    return List.of(FROM, TO);
  }

  @Override
  public Long empty() {
    return 0L;
  }

  @Override
  public Job<Long> job(String worker, long token) {
    return new Job<>() {
      private boolean underWay;

      @Override
      public Change<Long> next(Map<String, Long> contents) {
        if (!underWay) {
          begun++;
          return change(worker, contents, FROM, -1, () -> underWay = true);
        }
        return change(
            worker,
            contents,
            TO,
            1,
            () -> {
              underWay = false;
              acknowledged++;
            });
      }
    };
  }

  private Change<Long> change(
      String worker, Map<String, Long> contents, String resource, long by, Runnable done) {
    long next = contents.getOrDefault(resource, 0L) + by;
    CallHistory.Call<Counter.Input, Long> call =
        history.invoke(worker, resource, new Counter.Add(by));
    return new Change<>(
        resource,
        next,
        () -> {
          call.ok(next);
          done.run();
        });
  }

  @Override
  public void end(Map<String, Long> contents) {
    long taken = -contents.getOrDefault(FROM, 0L);
    long given = contents.getOrDefault(TO, 0L);
    for (String resource : resources()) {
      history
          .invoke("the end", resource, new Counter.Read())
          .ok(contents.getOrDefault(resource, 0L));
    }
    Linearizability.of(Counter.startingAt(0)).check(history.operations()).orThrow();
    if (given < acknowledged || given > taken || taken > begun) {
      throw new AssertionError(
          "transfers: "
              + begun
              + " begun, "
              + taken
              + " taken, "
              + given
              + " given, "
              + acknowledged
              + " acknowledged (expected: in falling order)");
    }
    // One may still be under way.
    half.runs += taken > given + 1 ? 1 : 0;
  }
}
