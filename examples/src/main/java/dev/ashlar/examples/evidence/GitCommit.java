package dev.ashlar.examples.evidence;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Names the commit that evidence belongs to. */
final class GitCommit {

  static final String UNKNOWN = "unknown";

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration STEP = Duration.ofMillis(10);

  private GitCommit() {}

  /** Returns the commit, with {@code -dirty} if the work tree differs from it. */
  static String of(Path root) throws InterruptedException {
    try {
      Optional<String> head = git(root, "rev-parse", "--verify", "HEAD");
      Optional<String> changes = git(root, "status", "--porcelain");
      if (head.isEmpty() || changes.isEmpty()) {
        return UNKNOWN;
      }
      return head.get() + (changes.get().isEmpty() ? "" : "-dirty");
    } catch (IOException noGit) {
      return UNKNOWN;
    }
  }

  /** Returns what git printed; empty if it failed, or did not end in time. */
  private static Optional<String> git(Path root, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git", "-C", root.toString()));
    command.addAll(List.of(arguments));
    // A file takes any amount; a pipe that nobody reads would stop the child.
    Path output = Files.createTempFile("ashlar-git", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      boolean done = awaitEnd(process) && process.exitValue() == 0;
      return done ? Optional.of(Files.readString(output).strip()) : Optional.empty();
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private static boolean awaitEnd(Process process) throws InterruptedException {
    Deadline deadline = Deadline.after(PATIENCE, TimeSource.system());
    try {
      while (process.isAlive() && !deadline.hasExpired()) {
        TimeSource.system().sleep(STEP);
      }
      return !process.isAlive();
    } finally {
      process.destroyForcibly();
    }
  }
}
