package dev.ashlar.messaging.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder as it is at one moment: what the death of the process that uses it leaves. */
public final class FolderImage {

  private FolderImage() {}

  /** Copies a folder, with those in it, into a new one beside it. */
  public static Path of(Path folder, Path parent, String name) throws IOException {
    Path image = Files.createTempDirectory(parent, name);
    List<Path> all;
    try (Stream<Path> found = Files.walk(folder)) {
      all = found.toList();
    }
    for (Path each : all) {
      Path copy = image.resolve(folder.relativize(each).toString());
      if (Files.isDirectory(each)) {
        Files.createDirectories(copy);
      } else {
        Files.copy(each, copy);
      }
    }
    return image;
  }
}
