package dev.ashlar.messaging.testkit.log;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.log.CommitResult;
import dev.ashlar.messaging.log.OwnedPartition;
import dev.ashlar.messaging.log.Position;
import dev.ashlar.messaging.log.ReadResult;
import dev.ashlar.messaging.log.StartAt;

/** An owned partition that passes everything on, for twins to change a part of. */
class ChangedPartition implements OwnedPartition {

  private final OwnedPartition inner;

  ChangedPartition(OwnedPartition inner) {
    this.inner = inner;
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
    return inner.read(most, deadline);
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
