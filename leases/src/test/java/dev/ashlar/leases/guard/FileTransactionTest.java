package dev.ashlar.leases.guard;

import static dev.ashlar.leases.guard.Fences.fence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.guard.FileFloor.Transaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a transaction of files puts in place, and what it says of itself if it cannot. */
class FileTransactionTest {

  @TempDir Path folder;

  private FileFloor floor;

  @BeforeEach
  void open() {
    floor = FileFloor.of(folder, Observer.none());
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(30), TimeSource.system());
  }

  private void claim(long token) throws InterruptedException {
    assertThat(floor.raise("accounts", fence(token), soon())).isEqualTo(new Standing.Level());
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  @Test
  void aCommitPutsFilesInPlaceAndARollbackNone() throws Exception {
    claim(7);
    Files.writeString(folder.resolve("a"), "old");
    try (Transaction tx = floor.begin(soon())) {
      floor.check(tx, "accounts", fence(7));
      Files.writeString(tx.stage("a"), "dropped");
    }
    assertThat(folder.resolve("a")).hasContent("old");
    try (Transaction tx = floor.begin(soon())) {
      floor.check(tx, "accounts", fence(7));
      Files.writeString(tx.stage("a"), "first");
      Files.writeString(tx.stage("a"), "new");
      Files.writeString(tx.stage("b"), "new");
      assertThat(tx.stage("c")).doesNotExist();
      tx.commit();
      assertThatIllegalStateException().isThrownBy(tx::commit).withMessageStartingWith("tx: over");
    }

    assertThat(folder.resolve("a")).hasContent("new");
    assertThat(folder.resolve("b")).hasContent("new");
    assertThat(names(folder)).containsExactly(".ashlar-fence", "a", "b");
    assertThat(names(folder.resolve(".ashlar-fence")))
        .containsExactly("accounts.floor", "accounts.lock");
  }

  /** A thread that still has the path may write there when its transaction is over. */
  @Test
  void whatWasWrittenAfterTheEndComesIntoNoOtherTransaction() throws Exception {
    claim(7);
    Path late;
    try (Transaction tx = floor.begin(soon())) {
      floor.check(tx, "accounts", fence(7));
      late = tx.stage("report");
    }
    Files.writeString(late, "late");

    try (Transaction tx = floor.begin(soon())) {
      floor.check(tx, "accounts", fence(7));
      assertThat(tx.stage("report")).isEqualTo(late);
      tx.commit();
    }

    assertThat(folder.resolve("report")).doesNotExist();
  }

  @Test
  void aCommitThatHasReplacedAFileNeverSaysThatItHasNoEffect() throws Exception {
    claim(7);
    Path inTheWay = Files.createDirectory(folder.resolve("b"));
    try (Transaction tx = floor.begin(soon())) {
      floor.check(tx, "accounts", fence(7));
      Files.writeString(tx.stage("a"), "new");
      Files.writeString(tx.stage("b"), "new");
      assertCommitFails(tx, Effect.UNKNOWN);
      assertThat(folder.resolve("a")).hasContent("new");

      Thread.currentThread().interrupt();
      assertCommitFails(tx, Effect.UNKNOWN);
      assertThat(Thread.interrupted()).isTrue();

      Files.delete(inTheWay);
      tx.commit();
    }
    assertThat(folder.resolve("b")).hasContent("new");
  }

  @Test
  void aCommitThatHasReplacedNothingYetHasNoEffect() throws Exception {
    claim(7);
    try (Transaction tx = floor.begin(soon())) {
      floor.check(tx, "accounts", fence(7));
      Files.writeString(tx.stage("a"), "new");
      Thread.currentThread().interrupt();
      assertCommitFails(tx, Effect.NONE);
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(folder.resolve("a")).doesNotExist();
  }

  private static void assertCommitFails(Transaction tx, Effect effect) {
    assertThatThrownBy(tx::commit)
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.effect()).isEqualTo(effect));
  }
}
