package dev.ashlar.leases.guard;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.leases.Fence;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/*
 *   FOLDER/
 *     report.csv                       data, replaced by renames
 *     .ashlar-fence/
 *       accounts.lock                  empty, never deleted; locked from entering to leaving
 *       accounts.floor                 see FloorText
 *       accounts~7~01JD                a floor that is being written for token 7 and nonce 01JD
 *       accounts~7~01JD~report.csv     what a transaction of that holder has staged
 *
 * No name of a resource has a "~" in it, so what begins with "accounts~" belongs to accounts. Whoever is in
 * the section and finds such a file knows that its writer died there, or failed, and deletes it.
 */

/** The time in which one resource, in one folder, belongs to one thread of one process. */
final class FileSection implements AutoCloseable {

  static final String FENCES = ".ashlar-fence";

  private final Path fences;
  private final String resource;
  private final FileLocks locks;
  private final Observer observer;

  private FileSection(Path fences, String resource, FileLocks locks, Observer observer) {
    this.fences = fences;
    this.resource = resource;
    this.locks = locks;
    this.observer = observer;
  }

  /** Enters the section; empty if somebody else is in it until the deadline. */
  static Optional<FileSection> enter(
      Path folder, String resource, Deadline deadline, Observer observer)
      throws IOException, InterruptedException {
    Path fences = folder.resolve(FENCES);
    Optional<FileLocks> locks = FileLocks.lock(fences.resolve(resource + ".lock"), deadline);
    return locks.map(taken -> new FileSection(fences, resource, taken, observer));
  }

  /** Returns the floor, if anybody has claimed the resource. */
  Optional<Fence> floor() throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file())) {
      bytes = in.readNBytes(FloorText.BYTES_MAX + 1);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    return Optional.of(FloorText.parse(bytes, resource));
  }

  /** Writes the floor beside the old one and puts it in its place; durable only when synced. */
  void replaceFloor(Fence fence) throws IOException {
    Path written = fences.resolve(prefix(fence));
    try (FileOutputStream out = new FileOutputStream(written.toFile())) {
      out.write(FloorText.print(resource, fence));
      out.getFD().sync();
    }
    observer.step("file-floor.written");
    Files.move(written, file(), StandardCopyOption.ATOMIC_MOVE);
    observer.step("file-floor.renamed");
  }

  void syncFloor() throws IOException {
    syncFolder(fences);
    observer.step("file-floor.synced");
  }

  /** Deletes what those who were here before have left. */
  void clean() throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(fences, resource + "~*")) {
      for (Path file : left) {
        Files.deleteIfExists(file);
        observer.count("guard.file.cleaned", 1);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /** Returns where to put what is going to be a file of that name. */
  Path staged(Fence fence, String name) {
    return fences.resolve(prefix(fence) + "~" + name);
  }

  private String prefix(Fence fence) {
    return resource + "~" + fence.token().value() + "~" + fence.holder().nonce();
  }

  private Path file() {
    return fences.resolve(resource + ".floor");
  }

  static void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Leaves it. */
  @Override
  public void close() {
    locks.close();
  }
}
