package dev.ashlar.messaging.testkit.topic;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.log.AppendResult;
import dev.ashlar.messaging.log.CommitResult;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.ForgetResult;
import dev.ashlar.messaging.log.GroupMember;
import dev.ashlar.messaging.log.Lag;
import dev.ashlar.messaging.log.LogGuarantees;
import dev.ashlar.messaging.log.LogReader;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.OwnedPartition;
import dev.ashlar.messaging.log.Partition;
import dev.ashlar.messaging.log.Position;
import dev.ashlar.messaging.log.ReadResult;
import dev.ashlar.messaging.log.StartAt;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A log that passes everything on, for topics of which one part is broken. */
class ChangedTopicLog implements EventLog {

  private final EventLog inner;

  ChangedTopicLog(EventLog inner) {
    this.inner = inner;
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
    return inner.reader(partition, start, deadline);
  }

  @Override
  public GroupMember join(String group, StartAt start, Duration term) throws InterruptedException {
    return new Member(inner.join(group, start, term));
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

  /** A member that gets changed partitions. */
  private final class Member implements GroupMember {

    private final GroupMember member;
    private final Map<OwnedPartition, OwnedPartition> changed = new HashMap<>();

    Member(GroupMember member) {
      this.member = member;
    }

    @Override
    public String log() {
      return member.log();
    }

    @Override
    public String group() {
      return member.group();
    }

    @Override
    public Duration term() {
      return member.term();
    }

    @Override
    public List<OwnedPartition> attend(Set<String> hungry, Deadline deadline)
        throws InterruptedException {
      return member.attend(hungry, deadline).stream()
          .map(each -> changed.computeIfAbsent(each, ChangedTopicLog.this::wrap))
          .toList();
    }

    @Override
    public void close() {
      member.close();
    }
  }

  /** An owned partition that reads something else. */
  static class Owned implements OwnedPartition {

    private final OwnedPartition inner;

    Owned(OwnedPartition inner) {
      this.inner = inner;
    }

    /** Returns what is read instead of what was. */
    List<LogRecord> changed(List<LogRecord> records) {
      return records;
    }

    @Override
    public String partition() {
      return inner.partition();
    }

    @Override
    public long epoch() {
      return inner.epoch();
    }

    @Override
    public Standing standing() {
      return inner.standing();
    }

    @Override
    public ReadResult read(int most, Deadline deadline) throws InterruptedException {
      ReadResult result = inner.read(most, deadline);
      return result instanceof ReadResult.Records read
          ? new ReadResult.Records(changed(read.records()))
          : result;
    }

    @Override
    public void seek(StartAt start, Deadline deadline) throws InterruptedException {
      inner.seek(start, deadline);
    }

    @Override
    public CommitResult commit(Position position, Deadline deadline) throws InterruptedException {
      return inner.commit(position, deadline);
    }

    @Override
    public CommitResult finish(Deadline deadline) throws InterruptedException {
      return inner.finish(deadline);
    }

    @Override
    public void release(Deadline deadline) throws InterruptedException {
      inner.release(deadline);
    }
  }
}
