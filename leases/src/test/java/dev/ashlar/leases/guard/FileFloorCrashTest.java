package dev.ashlar.leases.guard;

import static dev.ashlar.leases.guard.Fences.fence;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.CrashPoints;
import dev.ashlar.leases.guard.FileFloor.Transaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A holder that dies at any step leaves the old file or the new one, and a floor that stands. */
class FileFloorCrashTest {

  @TempDir Path temporary;

  private int runs;

  @Test
  void everyStepMayBeTheLast() throws Exception {
    List<String> steps =
        CrashPoints.forEach(
            () -> new Tenure(Files.createDirectory(temporary.resolve("run-" + ++runs))));

    assertThat(steps)
        .containsExactly(
            "file-floor.entered",
            "file-floor.written",
            "file-floor.renamed",
            "file-floor.synced",
            "file-tx.forced",
            "file-tx.renamed",
            "file-tx.synced",
            "file-tx.dropped");
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(30), TimeSource.system());
  }

  /** Claims, replaces a file, and drops another transaction. */
  private record Tenure(Path folder) implements CrashPoints.Run {

    private static final String OLD = "old";
    private static final String NEW = "new";

    Tenure {
      try {
        Files.writeString(folder.resolve("report"), OLD);
        FileFloor.of(folder, Observer.none()).raise("accounts", fence(6), soon());
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void work(Observer observer) throws Exception {
      FileFloor floor = FileFloor.of(folder, observer);
      floor.raise("accounts", fence(7), soon());
      try (Transaction tx = floor.begin(soon())) {
        assertThat(floor.check(tx, "accounts", fence(7))).isEqualTo(new Standing.Level());
        Files.writeString(tx.stage("report"), NEW);
        tx.commit();
      }
      try (Transaction tx = floor.begin(soon())) {
        floor.check(tx, "accounts", fence(7));
        Files.writeString(tx.stage("report"), "dropped");
      }
    }

    @Override
    public void recover() throws Exception {
      FileFloor floor = FileFloor.of(folder, Observer.none());
      String found = Files.readString(folder.resolve("report"));
      assertThat(found).isIn(OLD, NEW);
      try (Transaction tx = floor.begin(soon())) {
        Standing former = floor.check(tx, "accounts", fence(6));
        if (found.equals(NEW)) {
          assertThat(former).isEqualTo(new Standing.Differs(Optional.of(fence(7))));
        }
      }
      assertThat(floor.raise("accounts", fence(8), soon())).isEqualTo(new Standing.Level());
      try (Transaction tx = floor.begin(soon())) {
        assertThat(floor.check(tx, "accounts", fence(7)))
            .isEqualTo(new Standing.Differs(Optional.of(fence(8))));
      }
      assertThat(folder.resolve("report")).as("after the successor's claim").hasContent(found);
      try (Stream<Path> left = Files.list(folder.resolve(".ashlar-fence"))) {
        assertThat(left.map(file -> String.valueOf(file.getFileName())))
            .containsExactlyInAnyOrder("accounts.floor", "accounts.lock");
      }
    }
  }
}
