package dev.ashlar.messaging.journal;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Effect;
import java.io.FileNotFoundException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A folder or a file of a disk engine did not do what was asked, or holds what nobody wrote.
 *
 * <p><b>Threads.</b> Immutable.
 */
public final class DiskException extends BackendException {

  private static final long serialVersionUID = 1L;

  /** Why, for programs. */
  public enum Reason {
    /** Bytes that had reached the disk are not what was written; file and offset say where. */
    DAMAGED,
    /** Another journal, in this process or another, has the folder. */
    IN_USE,
    /** No space is left; appends go on once there is. */
    FULL,
    /** The folder or a file in it may not be written. */
    READ_ONLY,
    /** A file or folder that belongs to the journal is gone. */
    VANISHED,
    /** The file was written by a later version of this library. */
    LATER_VERSION,
    /** The operating system or the disk reported any other failure. */
    FAILED
  }

  private final Reason reason;
  private final String file;
  private final long offset;

  private DiskException(
      Reason reason, String what, Place place, Effect effect, @Nullable Throwable cause) {
    super(
        reason + ": " + what + " (" + place.file + " at offset " + place.offset + ")",
        effect,
        adviceFor(reason),
        cause);
    this.reason = reason;
    this.file = place.file.toString();
    this.offset = place.offset;
  }

  /** Where in which file. */
  record Place(Path file, long offset) {
    Place {
      requireNonNull(file, "file");
    }
  }

  static DiskException of(Reason reason, String what, Path file, long offset) {
    return new DiskException(reason, what, new Place(file, offset), Effect.NONE, null);
  }

  static DiskException of(String what, Path file, Effect effect, Throwable cause) {
    return new DiskException(reasonOf(cause), what, new Place(file, 0), effect, cause);
  }

  /** The same failure, thrown again to another caller, whose request it had this effect on. */
  DiskException again(Effect effect) {
    return new DiskException(
        reason, "an append failed", new Place(Path.of(file), offset), effect, this);
  }

  /** Returns why. */
  public Reason reason() {
    return reason;
  }

  /** Returns which file or folder. */
  public String file() {
    return file;
  }

  /** Returns where in the file; 0 if the failure is not about one place. */
  public long offset() {
    return offset;
  }

  private static Advice adviceFor(Reason reason) {
    return switch (reason) {
      case FULL, FAILED, IN_USE -> new Advice.Transient();
      case DAMAGED, READ_ONLY, VANISHED, LATER_VERSION -> new Advice.Permanent();
    };
  }

  /** The JDK has no exception for a full disk; the text of the operating system is all there is. */
  private static Reason reasonOf(Throwable cause) {
    String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    if (text.contains("no space left")
        || text.contains("not enough space")
        || text.contains("quota exceeded")) {
      return Reason.FULL;
    }
    if (cause instanceof AccessDeniedException
        || cause instanceof ReadOnlyFileSystemException
        || text.contains("read-only")
        || text.contains("permission denied")) {
      return Reason.READ_ONLY;
    }
    return cause instanceof NoSuchFileException || cause instanceof FileNotFoundException
        ? Reason.VANISHED
        : Reason.FAILED;
  }
}
