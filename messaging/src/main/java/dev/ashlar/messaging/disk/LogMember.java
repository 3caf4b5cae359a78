package dev.ashlar.messaging.disk;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.log.GroupMember;
import dev.ashlar.messaging.log.OwnedPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One member's view of its group; all of it under the log's lock. */
final class LogMember implements GroupMember {

  private final LogEngine engine;
  private final Id id;
  private final LogGroup group;
  private final Map<String, LogOwned> handles = new HashMap<>();
  private Map<String, OwnedPartition.Standing> told = Map.of();
  private boolean left;

  LogMember(LogEngine engine, Id id, LogGroup group) {
    this.engine = engine;
    this.id = id;
    this.group = group;
  }

  /** Who a member is. */
  record Id(String log, long number, Duration term) {}

  @Override
  public String log() {
    return id.log();
  }

  @Override
  public String group() {
    return group.name;
  }

  @Override
  public Duration term() {
    return id.term();
  }

  @Override
  public List<OwnedPartition> attend(Set<String> hungry, Deadline deadline)
      throws InterruptedException {
    Duration slice = id.term().dividedBy(4).plusNanos(1);
    Optional<List<OwnedPartition>> news =
        engine.state().awaited(deadline, slice, () -> engine.state().locked(v -> news(v, hungry)));
    return news.orElseGet(() -> engine.state().locked(this::owned));
  }

  /** Returns what is owned if that is another answer than the last one, or there is work. */
  private Optional<List<OwnedPartition>> news(LogView view, Set<String> hungry) {
    List<OwnedPartition> owned = owned(view);
    Map<String, OwnedPartition.Standing> now = new HashMap<>();
    boolean work = false;
    for (OwnedPartition each : owned) {
      LogOwned handle = (LogOwned) each;
      now.put(handle.partition() + "/" + handle.epoch(), handle.standingNow());
      work |= hungry.contains(handle.partition()) && handle.hasNews();
    }
    boolean changed = !now.equals(told);
    told = now;
    if (changed) {
      engine.state().changing(same -> same);
    }
    return changed || work ? Optional.of(owned) : Optional.empty();
  }

  private List<OwnedPartition> owned(LogView view) {
    if (left) {
      throw new IllegalStateException("member: left (expected: joined)");
    }
    if (group.forgetting) {
      throw new IllegalStateException(
          "group " + group.name + ": forgotten (expected: there; join again)");
    }
    long now = engine.state().nowNanos();
    group.shares.attend(id.number(), id.term().toNanos(), now);
    group.tick(view.partitions, now);
    Map<String, Long> epochs = group.shares.ownedBy(id.number());
    handles
        .values()
        .removeIf(each -> !Long.valueOf(each.epoch()).equals(epochs.get(each.partition())));
    epochs.forEach(
        (partition, epoch) ->
            handles.computeIfAbsent(
                partition, key -> new LogOwned(engine, group, Integer.parseInt(key), epoch)));
    return new ArrayList<>(handles.values());
  }

  @Override
  public void close() {
    engine
        .state()
        .changing(
            view -> {
              left = true;
              group.shares.leave(id.number());
              return left;
            });
  }
}
