package dev.ashlar.examples.shop;

import dev.ashlar.examples.shop.log.RunLogs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The folder with the databases and logs of a run: the user's, which stays, or one that goes with
 * the run, but for the logs of a run that has ended well enough to tell where they are.
 */
final class Workplace implements AutoCloseable {

  private final Path folder;
  private final boolean kept;
  private final Thread lastWill = new Thread(() -> remove(path -> true), "workplace");
  private boolean keepsLogs;

  private Workplace(Path folder, boolean kept) {
    this.folder = folder;
    this.kept = kept;
    if (!kept) {
      Runtime.getRuntime().addShutdownHook(lastWill);
    }
  }

  static Workplace open(Optional<String> keep) throws BadUse {
    try {
      if (keep.isEmpty()) {
        return new Workplace(Files.createTempDirectory("ashlar-shop-").toRealPath(), false);
      }
      Path folder = Files.createDirectories(Path.of(keep.get())).toRealPath();
      if (folder.toString().contains(";")) {
        throw new BadUse("--keep: semicolon in " + folder + " (expected: none, for H2's sake)");
      }
      try (Stream<Path> files = Files.list(folder)) {
        if (files.findAny().isPresent()) {
          throw new BadUse("--keep: " + folder + " is not empty (expected: a new folder)");
        }
      }
      return new Workplace(folder, true);
    } catch (IOException e) {
      throw new BadUse("--keep: cannot be used: " + e);
    }
  }

  Path folder() {
    return folder;
  }

  /** Returns the folder with the logs. */
  Path logs() {
    return folder.resolve(RunLogs.FOLDER);
  }

  /** Leaves the logs where they are, since somebody was told. */
  void keepLogs() {
    keepsLogs = true;
  }

  @Override
  public void close() {
    if (!kept) {
      remove(path -> !keepsLogs || (!path.equals(folder) && !path.startsWith(logs())));
      Runtime.getRuntime().removeShutdownHook(lastWill);
    }
  }

  private void remove(Predicate<Path> goes) {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> deepestFirst = files.filter(goes).sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // What an interrupted run still writes stays in the system's folder for such things.
    }
  }
}
