package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.messaging.log.ForgetResult;
import dev.ashlar.messaging.log.GroupMember;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.OwnedPartition;
import dev.ashlar.messaging.log.StartAt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A group that was forgotten stays so, whatever ends the process, and what is made anew stays. */
class LogForgettingTest {

  private static final ForgetResult FORGOTTEN = new ForgetResult.Forgotten();

  private LogScene scene;

  @BeforeEach
  void prepare(@TempDir Path folder) {
    scene = new LogScene(folder);
  }

  /** Makes a group that has handled all, and returns the epoch of its owner, who is gone. */
  private long madeGroup(DiskEventLog log) throws InterruptedException {
    scene.append(log, "one");
    scene.append(log, "two");
    GroupMember member = log.join("group", StartAt.beginning(), LogScene.TERM);
    OwnedPartition owned = member.attend(Set.of(), scene.atOnce()).get(0);
    List<LogRecord> read = scene.read(owned, 9);
    owned.commit(read.get(1).position(), scene.soon());
    member.close();
    return owned.epoch();
  }

  @Test
  void aForgottenGroupStaysForgottenAfterACrash() throws Exception {
    DiskEventLog log = scene.open();
    madeGroup(log);
    assertThat(log.forget("group", scene.soon())).isEqualTo(FORGOTTEN);
    LogScene.crash(log);

    DiskEventLog again = scene.open();
    assertThat(scene.lag(again, "group")).isEqualTo(2);
    assertThat(LogScene.texts(scene.read(scene.own(again, "group"), 9)))
        .containsExactly("one", "two");
    again.close();
  }

  @Test
  void aForgottenGroupStaysForgottenAfterAClosing() throws Exception {
    DiskEventLog log = scene.open();
    madeGroup(log);
    log.forget("group", scene.soon());
    log.close();

    DiskEventLog again = scene.open();
    assertThat(scene.lag(again, "group")).isEqualTo(2);
    again.close();
  }

  @Test
  void whatAGroupThatIsMadeAnewCommitsOutlivesACrash() throws Exception {
    DiskEventLog log = scene.open();
    long epoch = madeGroup(log);
    log.forget("group", scene.soon());
    GroupMember member = log.join("group", StartAt.beginning(), LogScene.TERM);
    OwnedPartition owned = member.attend(Set.of(), scene.atOnce()).get(0);
    assertThat(owned.epoch()).isGreaterThan(epoch);
    owned.commit(scene.read(owned, 9).get(0).position(), scene.soon());
    LogScene.crash(log);

    DiskEventLog again = scene.open();
    OwnedPartition later = scene.own(again, "group");
    assertThat(later.epoch()).isGreaterThan(owned.epoch());
    assertThat(LogScene.texts(scene.read(later, 9))).containsExactly("two");
    again.close();
  }

  @Test
  void aGroupIsNotForgottenWhileACommitThatWasDecidedIsNotWritten() throws Exception {
    HoldingCommits held = new HoldingCommits();
    DiskEventLog log = scene.open(held);
    scene.append(log, "one");
    GroupMember member = log.join("group", StartAt.beginning(), LogScene.TERM);
    OwnedPartition owned = member.attend(Set.of(), scene.atOnce()).get(0);
    LogRecord read = scene.read(owned, 9).get(0);
    Background<Object> commit =
        Background.start("commit", () -> owned.commit(read.position(), scene.soon()));
    held.awaitBegun();
    member.close();

    assertThatThrownBy(() -> log.forget("group", scene.atOnce()))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.effect()).isEqualTo(Effect.NONE));

    held.letGo();
    Eventually.holds("the end of the commit", Duration.ofSeconds(30), commit::isDone);
    assertThat(log.forget("group", scene.soon())).isEqualTo(FORGOTTEN);
    LogScene.crash(log);
    DiskEventLog again = scene.open();
    assertThat(scene.lag(again, "group")).isEqualTo(1);
    again.close();
  }

  /** Stops a commit between its decision and its writing. */
  private static final class HoldingCommits implements Observer {
    private static final int SECONDS_MAX = 30;

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch going = new CountDownLatch(1);

    void awaitBegun() throws InterruptedException {
      assertThat(begun.await(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
    }

    void letGo() {
      going.countDown();
    }

    @Override
    public void step(String name) {
      if (name.equals("log.committing")) {
        begun.countDown();
        try {
          if (!going.await(SECONDS_MAX, TimeUnit.SECONDS)) {
            throw new AssertionError("commit: not let go within " + SECONDS_MAX + " s");
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
