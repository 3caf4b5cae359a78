package dev.ashlar.leases.guard;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.Observer;
import dev.ashlar.leases.Fence;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The floor of a guard in files beside the files that it guards, for processes of one machine.
 *
 * <p>A transaction stages new contents, and a commit puts them in place by renames, all under a
 * lock of the operating system that claims take too. Floor and data are forced to the disk before
 * they count. Readers need no lock: they see the old file or the new one.
 *
 * <p><b>Guarantees.</b> As {@link Floor}, also after a crash at any step (LEASE-43). A file is the
 * old one or the new one, never a part, and what a dead process had staged is deleted by the next
 * claim. A floor file that was changed is an error; it is never taken for no floor.
 *
 * <p><b>Not guaranteed.</b> That several files of one transaction are replaced together if the
 * process dies between two renames: each is, they are not. Anything on a network's file system, or
 * on Windows, whose folders cannot be forced. Anything if one process has the folder under two
 * paths, or this class twice, as in two web applications: the system gives up the locks of both
 * when one of them ends. That a file of the folder was not written by somebody who did not ask.
 *
 * <p><b>Failures.</b> {@link Standing.Unknown} where the disk fails, where the section stays
 * occupied until the deadline, and for a floor file that is not as it was written, which somebody
 * has to look at: that one is permanent, and caused by a {@link MalformedDataException}. {@link
 * IllegalStateException} as {@link Floor}.
 *
 * <p><b>Threads.</b> Safe; one {@link Transaction} is used by one thread at a time.
 *
 * <p><b>Limits.</b> A writer that is stopped between check and end stays in the section, and holds
 * up every claim and write of the resource until it goes on or dies: safe, and not live. No writer
 * runs beside another one, also of the same holder. {@value #FILES_MAX} files in a transaction.
 * Resources whose names differ in case alone wait for each other as if they were one.
 *
 * <pre>{@code
 * FileFloor floor = FileFloor.of(folder, Observer.none());
 * Guard<Transaction> guard = Guard.over(floor, Observer.none());
 * Claim<Transaction> claim = guard.claim("report", lease, deadline).orThrow();
 * try (Transaction tx = floor.begin(deadline)) {
 *   claim.write(tx, () -> Files.writeString(tx.stage("report.csv"), settled())).orThrow();
 *   tx.commit();
 * }
 * }</pre>
 */
public final class FileFloor implements Floor<FileFloor.Transaction> {

  /** The most files in a transaction; the successor waits for their renames. */
  public static final int FILES_MAX = 1_000;

  private final Path folder;
  private final Observer observer;

  private FileFloor(Path folder, Observer observer) {
    this.folder = folder;
    this.observer = observer;
  }

  /**
   * Returns the floor in a folder; it keeps its own files in {@code .ashlar-fence} there.
   *
   * @param folder is there, on a local file system, with the data in it
   * @param observer sees the steps
   * @throws BackendException if the folder cannot be used
   */
  public static FileFloor of(Path folder, Observer observer) {
    requireNonNull(observer, "observer");
    try {
      Path real = folder.toRealPath();
      Files.createDirectories(real.resolve(FileSection.FENCES));
      FileSection.syncFolder(real);
      return new FileFloor(real, observer);
    } catch (IOException e) {
      throw failure("floor: folder", Effect.UNKNOWN, new Advice.Permanent(), e);
    }
  }

  /**
   * Begins a transaction. It takes no lock before its first check.
   *
   * @param deadline of the waiting for whoever writes or claims
   */
  public Transaction begin(Deadline deadline) {
    return new Transaction(deadline);
  }

  @Override
  public Standing raise(String resource, Fence fence, Deadline deadline)
      throws InterruptedException {
    ResourceName.check(resource);
    Optional<FileSection> entered = Optional.empty();
    try {
      entered = FileSection.enter(folder, resource, deadline, observer);
      if (entered.isEmpty()) {
        return occupied(resource);
      }
      observer.step("file-floor.entered");
      return raised(entered.get(), resource, fence);
    } catch (ClosedByInterruptException e) {
      boolean unused = Thread.interrupted();
      throw new InterruptedException("floor: interrupted");
    } catch (MalformedDataException e) {
      return damaged(e);
    } catch (IOException e) {
      return unknown(resource + ": claim", Effect.NONE, e);
    } finally {
      entered.ifPresent(FileSection::close);
    }
  }

  private static Standing raised(FileSection section, String resource, Fence fence)
      throws IOException {
    Optional<Fence> floor = section.floor();
    ResourceName.checkLease(resource, floor, fence);
    boolean rises = floor.isEmpty() || floor.get().token().compareTo(fence.token()) < 0;
    if (!rises && !floor.get().equals(fence)) {
      return new Standing.Differs(floor);
    }
    section.clean();
    try {
      if (rises) {
        section.replaceFloor(fence);
      }
      // Also if it stood there: whoever wrote it may have failed before this.
      section.syncFloor();
      return new Standing.Level();
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      return unknown(resource + ": claim", Effect.UNKNOWN, e);
    }
  }

  @Override
  public Standing check(Transaction tx, String resource, Fence fence) {
    ResourceName.check(resource);
    if (!tx.folder().equals(folder)) {
      throw new IllegalStateException("tx: of another folder (expected: of this floor's)");
    }
    try {
      return tx.enter(resource, fence);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return unknown(resource + ": check, interrupted", Effect.NONE, e);
    } catch (MalformedDataException e) {
      return damaged(e);
    } catch (IOException e) {
      return unknown(resource + ": check", Effect.NONE, e);
    }
  }

  private static Standing occupied(String resource) {
    return new Standing.Unknown(
        failure(resource + ": still being written", Effect.NONE, new Advice.Transient(), null));
  }

  private static Standing damaged(MalformedDataException e) {
    return new Standing.Unknown(
        failure(String.valueOf(e.getMessage()), Effect.NONE, new Advice.Permanent(), e));
  }

  private static Standing unknown(String what, Effect effect, Exception cause) {
    return new Standing.Unknown(failure(what, effect, new Advice.Transient(), cause));
  }

  private static BackendException failure(
      String what, Effect effect, Advice advice, @Nullable Exception cause) {
    return new BackendException(what, effect, advice, cause);
  }

  /** New contents of files, put in place together at the end; to be closed in any case. */
  public final class Transaction implements AutoCloseable {
    private final Deadline deadline;
    private final Map<String, FileSection> sections = new LinkedHashMap<>();
    private final Map<String, Path> staged = new LinkedHashMap<>();
    private @Nullable Fence fence;
    private Effect effect = Effect.NONE;
    private boolean over;

    private Transaction(Deadline deadline) {
      this.deadline = requireNonNull(deadline, "deadline");
    }

    private Path folder() {
      return folder;
    }

    /** Stays in the section only if the floor is the fence; who was refused holds up nobody. */
    private Standing enter(String resource, Fence presented)
        throws IOException, InterruptedException {
      requireOpen();
      FileSection inside = sections.get(resource);
      if (inside != null) {
        return standing(resource, inside, presented);
      }
      Optional<FileSection> entered = FileSection.enter(folder, resource, deadline, observer);
      if (entered.isEmpty()) {
        return occupied(resource);
      }
      boolean stays = false;
      try {
        Standing standing = standing(resource, entered.get(), presented);
        stays = standing instanceof Standing.Level;
        return standing;
      } finally {
        if (stays) {
          sections.put(resource, entered.get());
          fence = presented;
        } else {
          entered.get().close();
        }
      }
    }

    private static Standing standing(String resource, FileSection section, Fence presented)
        throws IOException {
      Optional<Fence> floor = section.floor();
      ResourceName.checkLease(resource, floor, presented);
      return floor.equals(Optional.of(presented))
          ? new Standing.Level()
          : new Standing.Differs(floor);
    }

    /**
     * Returns where to write what the commit makes the new content of a file. It is forced to the
     * disk by the commit.
     *
     * @param name of a file in the folder: 1 to 64 of A-Z a-z 0-9 . _ -, and not a dot first
     * @throws IllegalStateException if the transaction was not checked, or is over
     * @throws BackendException if what lies there from before cannot be deleted
     */
    public Path stage(String name) {
      requireOpen();
      if (!IdSource.isWellFormed(name) || name.startsWith(".")) {
        throw new IllegalArgumentException(
            "name: "
                + name.length()
                + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -, and not a dot first)");
      }
      if (fence == null) {
        throw new IllegalStateException("tx: not checked (expected: inside Claim.write)");
      }
      if (staged.size() == FILES_MAX && !staged.containsKey(name)) {
        throw new IllegalStateException("tx: more than " + FILES_MAX + " files (expected: fewer)");
      }
      Path known = staged.get(name);
      return known == null ? stagedAnew(name, fence) : known;
    }

    /** Whoever has the path of an earlier transaction may have written there after its end. */
    private Path stagedAnew(String name, Fence owner) {
      Path content = sections.values().iterator().next().staged(owner, name);
      try {
        Files.deleteIfExists(content);
      } catch (IOException e) {
        throw failure("floor: stage", effect, new Advice.Transient(), e);
      }
      staged.put(name, content);
      return content;
    }

    /**
     * Puts the staged files in place and ends the transaction. A name for which nothing was written
     * is left alone.
     *
     * @throws BackendException if it did not come to an end; it can be called again. The effect is
     *     none if no file was going to be replaced yet, this time or before
     */
    public void commit() {
      requireOpen();
      try {
        force();
        observer.step("file-tx.forced");
        for (Map.Entry<String, Path> file : staged.entrySet()) {
          effect = Effect.UNKNOWN;
          Files.move(
              file.getValue(), folder.resolve(file.getKey()), StandardCopyOption.ATOMIC_MOVE);
          observer.step("file-tx.renamed");
        }
        FileSection.syncFolder(folder);
        observer.step("file-tx.synced");
        end();
      } catch (IOException e) {
        throw failure("floor: commit", effect, new Advice.Transient(), e);
      }
    }

    /** Forces what was written to the disk, and forgets the names for which nothing was. */
    private void force() throws IOException {
      for (Iterator<Path> contents = staged.values().iterator(); contents.hasNext(); ) {
        try (FileChannel channel = FileChannel.open(contents.next(), StandardOpenOption.WRITE)) {
          channel.force(true);
        } catch (NoSuchFileException e) {
          contents.remove();
        }
      }
    }

    /** Ends it; what was not committed is dropped, and whoever waits goes on. */
    @Override
    public void close() {
      try {
        if (!over && !staged.isEmpty()) {
          observer.step("file-tx.dropped");
          for (Path content : staged.values()) {
            Files.deleteIfExists(content);
          }
        }
      } catch (IOException e) {
        // It is not in place, and the next claim deletes it.
        observer.count("guard.file.left", 1);
      } finally {
        end();
      }
    }

    private void requireOpen() {
      if (over) {
        throw new IllegalStateException("tx: over (expected: a new one)");
      }
    }

    private void end() {
      over = true;
      sections.values().forEach(FileSection::close);
      sections.clear();
      staged.clear();
    }
  }
}
