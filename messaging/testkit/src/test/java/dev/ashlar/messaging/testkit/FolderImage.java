package dev.ashlar.messaging.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder as it is at one moment: what the death of the process that uses it leaves. */
public final class FolderImage {

  private FolderImage() {}

  /**
   * Copies a folder, with those in it, into a new one beside it. A file that goes or gets its name
   * meanwhile makes the copy one of no moment: once more.
   */
  public static Path of(Path folder, Path parent, String name) throws IOException {
    while (true) {
      Path image = Files.createTempDirectory(parent, name);
      try {
        copy(folder, image);
        return image;
      } catch (NoSuchFileException gone) {
        // Found in the list, and not there any more.
      }
    }
  }

  private static void copy(Path folder, Path image) throws IOException {
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
  }
}
