package dev.ashlar.leases.guard;

import static dev.ashlar.leases.guard.Fences.fence;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.guard.FileFloor.Transaction;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes meet at one folder: the one in the section holds up the other until it is dead. */
class FileFloorProcessTest {

  @TempDir Path folder;

  @Test
  void aSuccessorWaitsForAnotherProcessAndGoesOnWhenItIsKilled() throws Exception {
    FileFloor floor = FileFloor.of(folder, Observer.none());
    Process holder = child();
    try (BufferedReader says =
        new BufferedReader(
            new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(says.readLine()).isEqualTo("staged");

      assertThat(floor.raise("accounts", fence(8), within(Duration.ofMillis(200))))
          .as("while the other process is in the section")
          .isInstanceOf(Standing.Unknown.class);
      holder.destroyForcibly().waitFor();

      assertThat(floor.raise("accounts", fence(8), within(Duration.ofSeconds(30))))
          .isEqualTo(new Standing.Level());
    } finally {
      holder.destroyForcibly().waitFor();
    }
    assertThat(folder.resolve("report")).doesNotExist();
    assertThat(folder.resolve(".ashlar-fence/accounts~7~n-7~report")).doesNotExist();
    try (Transaction tx = floor.begin(within(Duration.ofSeconds(30)))) {
      assertThat(floor.check(tx, "accounts", fence(7)))
          .isEqualTo(new Standing.Differs(Optional.of(fence(8))));
    }
  }

  private static Deadline within(Duration duration) {
    return Deadline.after(duration, TimeSource.system());
  }

  private Process child() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            classPath(),
            Child.class.getName(),
            folder.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Where the parts that the child needs lie, whether this JVM has modules or a class path. */
  private static String classPath() {
    String self = String.valueOf(FileFloorProcessTest.class.getResource(""));
    String ups = "../".repeat(FileFloorProcessTest.class.getPackageName().split("\\.", -1).length);
    String tests = Path.of(URI.create(self)).resolve(ups).normalize().toString();
    // A module that tests are patched into has one place, and it is not that of the tests.
    return Stream.concat(
            Stream.of(tests),
            Stream.of(FileFloor.class, Deadline.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .map(location -> Path.of(URI.create(location.toString())).toString()))
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Claims, begins to write, and comes no further. */
  static final class Child {

    private Child() {}

    /** Runs in a process of its own. */
    public static void main(String[] arguments) throws Exception {
      FileFloor floor = FileFloor.of(Path.of(arguments[0]), Observer.none());
      floor.raise("accounts", fence(7), within(Duration.ofSeconds(30)));
      try (Transaction tx = floor.begin(within(Duration.ofSeconds(30)))) {
        floor.check(tx, "accounts", fence(7));
        Files.writeString(tx.stage("report"), "half");
        System.out.println("staged");
        // The end of its input never comes while its parent lives.
        int unused = System.in.read();
      }
    }
  }
}
