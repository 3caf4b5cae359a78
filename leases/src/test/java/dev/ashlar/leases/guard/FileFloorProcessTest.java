package dev.ashlar.leases.guard;

import static dev.ashlar.leases.guard.Fences.fence;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ChildJvm;
import dev.ashlar.leases.guard.FileFloor.Transaction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes meet at one folder: the one in the section holds up the other until it is dead. */
class FileFloorProcessTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void aSuccessorWaitsForAProcessThatIsStoppedAndGoesOnWhenItIsKilled() throws Exception {
    FileFloor floor = FileFloor.of(folder, Observer.none());
    try (ChildJvm holder = ChildJvm.start(Child.class, ChildJvm.SMALL, folder.toString())) {
      holder.awaitLine("staged", PATIENCE);
      holder.stop();

      assertThat(floor.raise("accounts", fence(8), within(Duration.ofMillis(200))))
          .as("while the other process is in the section")
          .isInstanceOf(Standing.Unknown.class);
      holder.kill();

      assertThat(floor.raise("accounts", fence(8), within(PATIENCE)))
          .isEqualTo(new Standing.Level());
    }
    assertThat(folder.resolve("report")).doesNotExist();
    assertThat(folder.resolve(".ashlar-fence/accounts~7~n-7~report")).doesNotExist();
    try (Transaction tx = floor.begin(within(PATIENCE))) {
      assertThat(floor.check(tx, "accounts", fence(7)))
          .isEqualTo(new Standing.Differs(Optional.of(fence(8))));
    }
  }

  private static Deadline within(Duration duration) {
    return Deadline.after(duration, TimeSource.system());
  }

  /** Claims, begins to write, and comes no further. */
  public static final class Child {

    private Child() {}

    /** Runs in a process of its own. */
    public static void main(String[] arguments) throws Exception {
      FileFloor floor = FileFloor.of(Path.of(arguments[0]), Observer.none());
      floor.raise("accounts", fence(7), within(PATIENCE));
      try (Transaction tx = floor.begin(within(PATIENCE))) {
        floor.check(tx, "accounts", fence(7));
        Files.writeString(tx.stage("report"), "half");
        System.out.println("staged");
        // The end of its input never comes while its parent lives.
        int unused = System.in.read();
      }
    }
  }
}
