package dev.ashlar.messaging.testkit.log;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.log.GroupMember;
import dev.ashlar.messaging.log.OwnedPartition;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A member whose process can be held up, so that it does not attend for a while. */
final class PausedMember implements GroupMember {

  private final GroupMember inner;
  private volatile @Nullable CountDownLatch pause;

  PausedMember(GroupMember inner) {
    this.inner = inner;
  }

  void pause() {
    pause = new CountDownLatch(1);
  }

  void resume() {
    CountDownLatch held = pause;
    pause = null;
    if (held != null) {
      held.countDown();
    }
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
    awaitResumed();
    List<OwnedPartition> owned = inner.attend(hungry, deadline);
    awaitResumed();
    return owned;
  }

  private void awaitResumed() throws InterruptedException {
    CountDownLatch held = pause;
    if (held != null) {
      LogFixture.awaitLatch(held);
    }
  }

  @Override
  public void close() {
    inner.close();
  }
}
