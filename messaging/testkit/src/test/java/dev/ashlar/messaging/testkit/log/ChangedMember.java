package dev.ashlar.messaging.testkit.log;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.log.GroupMember;
import dev.ashlar.messaging.log.OwnedPartition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A member that passes everything on, and changes what it owns. */
class ChangedMember implements GroupMember {

  final GroupMember inner;
  private final UnaryOperator<OwnedPartition> change;
  private final Map<OwnedPartition, OwnedPartition> changed = new HashMap<>();

  ChangedMember(GroupMember inner, UnaryOperator<OwnedPartition> change) {
    this.inner = inner;
    this.change = change;
  }

  @Override
  public String log() {
    return inner.log();
  }

  @Override
  public String group() {
    return inner.group();
  }

  @Override
  public Duration term() {
    return inner.term();
  }

  @Override
  public List<OwnedPartition> attend(Set<String> hungry, Deadline deadline)
      throws InterruptedException {
    return inner.attend(hungry, deadline).stream()
        .map(each -> changed.computeIfAbsent(each, change))
        .toList();
  }

  @Override
  public void close() {
    inner.close();
  }
}
