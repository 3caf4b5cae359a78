package dev.ashlar.messaging.testkit.log;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.log.AppendResult;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.ForgetResult;
import dev.ashlar.messaging.log.GroupMember;
import dev.ashlar.messaging.log.Lag;
import dev.ashlar.messaging.log.LogGuarantees;
import dev.ashlar.messaging.log.LogReader;
import dev.ashlar.messaging.log.OwnedPartition;
import dev.ashlar.messaging.log.Partition;
import dev.ashlar.messaging.log.Position;
import dev.ashlar.messaging.log.StartAt;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** A log that passes everything on, for twins to change a part of. */
class ChangedLog implements EventLog {

  private final EventLog inner;

  ChangedLog(EventLog inner) {
    this.inner = inner;
  }

  /** Returns the reader that users get. */
  LogReader wrap(LogReader reader, StartAt start) throws InterruptedException {
    return reader;
  }

  /** Returns the owned partition that users get; asked once for each epoch. */
  OwnedPartition wrap(OwnedPartition owned) {
    return owned;
  }

  @Override
  public String name() {
    return inner.name();
  }

  @Override
  public LogGuarantees guarantees() {
    return inner.guarantees();
  }

  @Override
  public List<Partition> partitions(Deadline deadline) throws InterruptedException {
    return inner.partitions(deadline);
  }

  @Override
  public AppendResult tryAppend(Message message, Deadline deadline) throws InterruptedException {
    return inner.tryAppend(message, deadline);
  }

  @Override
  public AppendResult.Ticket submit(Message message, Deadline deadline)
      throws InterruptedException {
    return inner.submit(message, deadline);
  }

  @Override
  public LogReader reader(String partition, StartAt start, Deadline deadline)
      throws InterruptedException {
    return wrap(inner.reader(partition, start, deadline), start);
  }

  @Override
  public GroupMember join(String group, StartAt start, Duration term) throws InterruptedException {
    return new ChangedMember(inner.join(group, start, term), this::wrap);
  }

  @Override
  public ForgetResult forget(String group, Deadline deadline) throws InterruptedException {
    return inner.forget(group, deadline);
  }

  @Override
  public Set<String> groups(Deadline deadline) throws InterruptedException {
    return inner.groups(deadline);
  }

  @Override
  public List<Lag> lag(String group, Deadline deadline) throws InterruptedException {
    return inner.lag(group, deadline);
  }

  @Override
  public List<Position> ends(Deadline deadline) throws InterruptedException {
    return inner.ends(deadline);
  }

  @Override
  public void close() {
    inner.close();
  }
}
