package dev.ashlar.examples.shop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder with the databases of a run: the user's, which stays, or one that goes with the run.
 */
final class Workplace implements AutoCloseable {

  private final Path folder;
  private final boolean kept;
  private final Thread lastWill = new Thread(this::remove, "workplace");

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

  @Override
  public void close() {
    if (!kept) {
      remove();
      Runtime.getRuntime().removeShutdownHook(lastWill);
    }
  }

  private void remove() {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // What an interrupted run still writes stays in the system's folder for such things.
    }
  }
}
