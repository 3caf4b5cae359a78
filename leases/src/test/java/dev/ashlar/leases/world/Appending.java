package dev.ashlar.leases.world;

import dev.ashlar.core.testkit.history.AppendList;
import dev.ashlar.core.testkit.history.CallHistory;
import dev.ashlar.core.testkit.history.Linearizability;
import dev.ashlar.core.testkit.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A list is read by the claim, and written back one element longer. What a claim reads is part of
 * the history: a write that is taken after a claim, and before it as its maker saw it, shows.
 */
final class Appending implements Workload<List<String>> {

  private static final int OPERATIONS_MAX = 100_000;
  private static final String LIST = "list";

  private final CallHistory<AppendList.Input<String>, AppendList.Output<String>> history;
  private int elements;

  Appending(World<Message<List<String>>> world) {
    history = CallHistory.of(world.time(), OPERATIONS_MAX);
  }

  @Override
  public List<String> resources() {
    return List.of(LIST);
  }

  @Override
  public List<String> empty() {
    return List.of();
  }

  @Override
  public Job<List<String>> job(String worker, long token) {
    return new Job<>() {
      @Override
      public Consumer<List<String>> claiming(String resource) {
        CallHistory.Call<AppendList.Input<String>, AppendList.Output<String>> call =
            history.invoke(worker, LIST, new AppendList.Read<>());
        return content -> call.ok(new AppendList.Seen<>(content));
      }

      @Override
      public Change<List<String>> next(Map<String, List<String>> contents) {
        List<String> longer = new ArrayList<>(contents.getOrDefault(LIST, List.of()));
        String element = worker + ++elements;
        longer.add(element);
        CallHistory.Call<AppendList.Input<String>, AppendList.Output<String>> call =
            history.invoke(worker, LIST, new AppendList.Append<>(element));
        return new Change<>(
            LIST, List.copyOf(longer), () -> call.ok(new AppendList.Length<>(longer.size())));
      }
    };
  }

  @Override
  public void end(Map<String, List<String>> contents) {
    history
        .invoke("the end", LIST, new AppendList.Read<>())
        .ok(new AppendList.Seen<>(contents.getOrDefault(LIST, List.of())));
    Linearizability.of(AppendList.<String>empty()).check(history.operations()).orThrow();
  }
}
