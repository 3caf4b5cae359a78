package dev.ashlar.messaging.log;

import dev.ashlar.core.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One member's view of its group in memory; all of it under the log's lock. */
final class MemoryMember implements GroupMember {

  private final MemoryLogState state;
  private final Id id;
  private final MemoryGroup group;
  private final Map<String, Owned> handles = new HashMap<>();
  private Map<String, OwnedPartition.Standing> told = Map.of();
  private boolean left;

  /** Made with the state's lock held. */
  MemoryMember(MemoryLogState state, Id id, MemoryGroup group) {
    this.state = state;
    this.id = id;
    this.group = group;
    group.expect(id.number(), id.term().toNanos(), state.nowNanos());
  }

  @Override
  public String log() {
    return id.log();
  }

  @Override
  public String group() {
    return id.group();
  }

  @Override
  public Duration term() {
    return id.term();
  }

  @Override
  public List<OwnedPartition> attend(Set<String> hungry, Deadline deadline)
      throws InterruptedException {
    Duration slice = id.term().dividedBy(4).plusNanos(1);
    return state
        .awaited(deadline, slice, () -> news(hungry))
        .orElseGet(() -> state.locked(this::owned));
  }

  /** Returns what is owned if that is another answer than the last one, or there is work. */
  private Optional<List<OwnedPartition>> news(Set<String> hungry) {
    List<OwnedPartition> owned = owned();
    Map<String, OwnedPartition.Standing> now = new HashMap<>();
    boolean work = false;
    for (OwnedPartition each : owned) {
      Owned handle = (Owned) each;
      now.put(handle.partition() + "/" + handle.epoch, handle.standingNow());
      work |= hungry.contains(handle.partition()) && handle.hasNews();
    }
    boolean changed = !now.equals(told);
    told = now;
    if (changed) {
      state.changed();
    }
    return changed || work ? Optional.of(owned) : Optional.empty();
  }

  private List<OwnedPartition> owned() {
    if (left) {
      throw new IllegalStateException("member: left (expected: joined)");
    }
    if (group.isForgotten()) {
      throw new IllegalStateException(
          "group " + id.group() + ": forgotten (expected: there; join again)");
    }
    group.attend(id.number(), id.term().toNanos(), state.nowNanos());
    group.tick(state.partitions().values(), state.nowNanos());
    Map<String, Long> epochs = group.ownedBy(id.number());
    handles
        .values()
        .removeIf(each -> !Long.valueOf(each.epoch).equals(epochs.get(each.partition.id)));
    epochs.forEach(
        (partition, epoch) ->
            handles.computeIfAbsent(
                partition, key -> new Owned(state.partition(partition), epoch)));
    return new ArrayList<>(handles.values());
  }

  @Override
  public void close() {
    state.locked(
        () -> {
          left = true;
          group.leave(id.number());
          return left;
        });
  }

  /** Who a member is. */
  record Id(String log, String group, long number, Duration term) {}

  private final class Owned implements OwnedPartition {

    private final MemoryPartition partition;
    private final long epoch;
    private long read;
    private long furthest;

    Owned(MemoryPartition partition, long epoch) {
      this.partition = partition;
      this.epoch = epoch;
      this.read = group.committed(partition.id);
      this.furthest = read;
    }

    @Override
    public String partition() {
      return partition.id;
    }

    @Override
    public long epoch() {
      return epoch;
    }

    @Override
    public Standing standing() {
      return state.locked(this::standingNow);
    }

    private Standing standingNow() {
      return group.standing(partition.id, epoch);
    }

    private boolean isLost() {
      return standingNow() == Standing.LOST;
    }

    private boolean hasNews() {
      return partition.read(read, 1).isPresent();
    }

    @Override
    public ReadResult read(int most, Deadline deadline) throws InterruptedException {
      MemoryReader.checkMost(most);
      return state
          .awaited(deadline, id.term(), () -> readNow(most))
          .orElseGet(() -> new ReadResult.Records(List.of()));
    }

    private Optional<ReadResult> readNow(int most) {
      if (isLost()) {
        return Optional.of(new ReadResult.NotOwned());
      }
      Optional<ReadResult> result = partition.read(read, most);
      read = result.map(each -> MemoryReader.lastOf(partition, each, read)).orElse(read);
      furthest = Math.max(furthest, read);
      return result;
    }

    @Override
    public void seek(StartAt start, Deadline deadline) {
      state.locked(() -> read = partition.startOf(start));
    }

    @Override
    public CommitResult commit(Position position, Deadline deadline) {
      return state.locked(() -> commitNow(position));
    }

    private CommitResult commitNow(Position position) {
      long number = partition.numberOf(position);
      if (number > furthest) {
        throw new IllegalArgumentException("position: " + position + " (expected: read before)");
      }
      if (isLost()) {
        state.lost();
        return new CommitResult.Lost();
      }
      group.commit(partition.id, number);
      return new CommitResult.Committed();
    }

    @Override
    public CommitResult finish(Deadline deadline) {
      return state.locked(this::finishNow);
    }

    private CommitResult finishNow() {
      if (isLost()) {
        state.lost();
        return new CommitResult.Lost();
      }
      if (!partition.hasEndedAfter(read)) {
        throw new IllegalStateException(
            "partition " + partition.id + ": not read to its end (expected: ended)");
      }
      group.finish(partition.id);
      return new CommitResult.Committed();
    }

    @Override
    public void release(Deadline deadline) {
      state.locked(
          () -> {
            group.release(partition.id, epoch);
            return epoch;
          });
    }
  }
}
