package dev.ashlar.messaging.disk;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.SimulatedCrash;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.disk.QueueEngine.QueueOpening;
import dev.ashlar.messaging.journal.DiskException;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Queues in folders, and what a killed process leaves of one. */
final class QueueFolders {

  static final int SEGMENT_BYTES = 64 << 10;

  private final QueueOptions options;
  private final TimeSource time;
  private final Path root;
  private int lives;
  int heldMax = 10_000;
  int checkpointRecords = 150;
  Durability durability = Durability.OS;

  QueueFolders(Path root, QueueOptions options, TimeSource time) {
    this.root = root;
    this.options = options.withPayloadMaxBytes(8000);
    this.time = time;
  }

  Path folder() {
    return root.resolve("life-" + lives);
  }

  /** Opens what is there. */
  DiskQueue open(Observer observer) {
    return open(observer, folder());
  }

  DiskQueue open(Observer observer, Path... folders) {
    DiskOptions disk =
        DiskOptions.mirrors(folders).withSegmentBytes(SEGMENT_BYTES).withDurability(durability);
    QueueBounds bounds = new QueueBounds(disk, heldMax, 20_000, checkpointRecords, 1 << 20);
    return DiskQueue.open(new QueueOpening("queue", options, bounds, time, observer));
  }

  /** Opens what a process would find that starts after the one with this queue was killed. */
  DiskQueue openAfterKill(DiskQueue killed) throws IOException {
    Path from = folder();
    lives++;
    copy(from, folder());
    letGo(killed);
    return open(Observer.none());
  }

  /** It goes on as if nothing had happened, in files that nobody reads any more. */
  private static void letGo(DiskQueue killed) {
    try {
      killed.close();
    } catch (SimulatedCrash | DiskException died) {
      // At another step of the same death.
    }
  }

  /** A file that goes or gets its name meanwhile makes the copy one of no moment: once more. */
  private static void copy(Path from, Path to) throws IOException {
    boolean whole = false;
    while (!whole) {
      Files.createDirectories(to);
      for (Path file : files(to)) {
        Files.delete(file);
      }
      try {
        for (Path file : files(from)) {
          Files.copy(file, to.resolve(file.getFileName().toString()));
        }
        whole = true;
      } catch (NoSuchFileException gone) {
        whole = false;
      }
    }
  }

  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /** The files with records, oldest first. */
  static List<Path> segments(Path folder) throws IOException {
    return files(folder).stream().filter(file -> file.toString().endsWith(".log")).toList();
  }
}
