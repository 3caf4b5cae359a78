package dev.ashlar.messaging.journal;

import static dev.ashlar.messaging.journal.Journals.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Seeds;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A child process appends from several threads and tells its parent of every acknowledgement, and
 * the parent kills it with a signal that cannot be caught. What the parent has heard of is the
 * ledger: it lives outside of the process that dies.
 */
@Tag("engine")
class KillTest {

  private static final int KILLS = 12;
  private static final int THREADS = 4;

  @TempDir Path folder;

  private static DiskOptions options(Path folder) {
    return DiskOptions.folder(folder).withSegmentBytes(256 << 10);
  }

  /** The child: {@code FOLDER NAME}. Each line is "number text" of an acknowledged record. */
  public static final class Child {

    private Child() {}

    public static void main(String[] args) {
      Journal journal =
          Journal.open(options(Path.of(args[0])), TimeSource.system(), Observer.none());
      for (int i = 0; i < THREADS; i++) {
        String name = args[1] + "-" + i;
        new Thread(() -> produce(journal, name, System.out)).start();
      }
    }

    private static void produce(Journal journal, String name, PrintStream out) {
      try {
        for (int i = 0; ; i++) {
          String text = name + "-" + i + "-" + "p".repeat(i % 700);
          Ticket ticket = journal.append(Payload.of(Bytes.utf8(text)), Journals.soon());
          if (ticket.await(Journals.soon())) {
            out.println(ticket.first() + " " + text);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void whatWasAcknowledgedOutlivesEveryKill() throws Exception {
    long seed = Seeds.next();
    RandomGenerator random = Seeds.random(seed);
    Map<Long, String> ledger = new HashMap<>();
    for (int kill = 0; kill < KILLS; kill++) {
      ledger.putAll(killedAfter(200 + random.nextInt(1500), "child" + kill));
      try (Journal journal = Journal.open(options(folder), TimeSource.system(), Observer.none())) {
        List<String> found = read(journal, 0);
        ledger.forEach(
            (number, text) ->
                assertThat(found.get(Math.toIntExact(number)))
                    .as("record %d, seed %d", number, seed)
                    .isEqualTo(text));
        assertThat(found).doesNotHaveDuplicates();
      }
    }
    assertThat(ledger.size()).isGreaterThan(KILLS * 200);
  }

  private Map<Long, String> killedAfter(int lines, String name)
      throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(command(name)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Map<Long, String> ledger = new HashMap<>();
    try (BufferedReader told =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      String line;
      while ((line = told.readLine()) != null) {
        int space = line.indexOf(' ');
        // The last line may be torn by the kill: only whole ones are in the ledger.
        if (space > 0 && line.matches("\\d+ .*-p*")) {
          ledger.put(Long.valueOf(line.substring(0, space)), line.substring(space + 1));
        }
        if (ledger.size() == lines) {
          child.destroyForcibly();
          break;
        }
      }
    } finally {
      child.destroyForcibly();
    }
    child.waitFor();
    assertThat(ledger).hasSize(lines);
    return ledger;
  }

  private List<String> command(String name) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(classPath());
    command.addAll(List.of(Child.class.getName(), folder.toString(), name));
    return command;
  }

  /** Where the parts that the child needs lie, whether this JVM has modules or a class path. */
  private static String classPath() {
    URI child = URI.create(String.valueOf(Child.class.getResource("KillTest$Child.class")));
    Path file = Path.of(child);
    String ups = "../".repeat(Child.class.getPackageName().split("\\.", -1).length + 1);
    String tests = file.resolve(ups).normalize().toString();
    // A module that tests are patched into has one place, and it is not that of the tests.
    return Stream.concat(
            Stream.of(tests),
            Stream.of(Journal.class, Bytes.class, Assertions.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .map(location -> Path.of(URI.create(location.toString())).toString()))
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
  }
}
