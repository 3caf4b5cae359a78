package dev.ashlar.messaging.journal;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ref.WeakReference;
import java.nio.MappedByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/*
 * Why RandomAccessFile and not FileChannel. A FileChannel is closed for everybody when a thread is
 * interrupted inside one of its methods, and the result of a force that was under way is lost with
 * it. The journal's I/O is done by whichever caller comes first (see GroupCommit), and a caller may
 * be interrupted at any moment. A thread of our own for the I/O would be safe too, but costs two
 * changes of thread for each append of a lone producer. The methods of RandomAccessFile know no
 * interrupts.
 *
 * It makes a file that is not there whenever it may write to it, and Java 17 offers no other way.
 * So what is only read is opened so: a reader that comes to a segment while it is forgotten would
 * otherwise leave an empty file of its name, and the next opening finds no reason for that.
 *
 * What it lacks is a force of the data alone (fdatasync): FileDescriptor.sync forces the file's
 * times too, which is a commit of the file system's own journal, and mode "rwd" (O_DSYNC) was
 * slower here than write and fdatasync by a fifth. AsynchronousFileChannel has one, which works in
 * the caller's thread and knows no interrupts either; nothing else of it is used.
 */
/** A real folder. */
final class FolderDisk implements Disk {

  static final String OWNER = "owner.lock";

  private final Path folder;
  private @Nullable FileChannel owner;

  /** What was mapped and is not yet collected; only the one who writes maps. */
  private final List<WeakReference<MappedByteBuffer>> living = new ArrayList<>();

  FolderDisk(Path folder) {
    this.folder = folder;
  }

  @Override
  public void claim() throws IOException {
    Files.createDirectories(folder);
    FileChannel channel =
        FileChannel.open(path(OWNER), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!lock(channel)) {
      channel.close();
      throw DiskException.of(
          DiskException.Reason.IN_USE, "the folder has another owner", folder, 0);
    }
    owner = channel;
  }

  /** The lock ends with the channel, and with the process however it ends. */
  private static boolean lock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException thisProcess) {
      return false;
    }
  }

  @Override
  public Path path(String name) {
    return folder.resolve(name);
  }

  @Override
  public List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      files.forEach(file -> names.add(String.valueOf(file.getFileName())));
    }
    return names;
  }

  @Override
  public DiskFile open(String name, Access access) throws IOException {
    Path file = path(name);
    if (access == Access.MAKE) {
      Files.deleteIfExists(file);
      Files.createFile(file);
    } else if (access == Access.WRITE && !Files.isWritable(file)) {
      throw notThere(file);
    }
    try {
      return new RealFile(file, access == Access.READ ? "r" : "rw", living);
    } catch (FileNotFoundException e) {
      throw notThere(file);
    }
  }

  private static IOException notThere(Path file) {
    return Files.exists(file)
        ? new AccessDeniedException(file.toString())
        : new NoSuchFileException(file.toString());
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.delete(path(name));
  }

  /**
   * A folder can be forced through a channel only, which an interrupt would close with the answer
   * lost: so in a thread that nobody else knows. This happens once per segment.
   */
  @Override
  public void sync() throws IOException {
    AtomicReference<IOException> failure = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
              } catch (IOException e) {
                failure.set(e);
              }
            },
            "ashlar-folder-sync");
    thread.setDaemon(true);
    thread.start();
    joinWhateverHappens(thread);
    IOException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
  }

  private static void joinWhateverHappens(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    if (owner != null) {
      owner.close();
    }
  }

  private static final class RealFile implements DiskFile {

    private final Path name;
    private final RandomAccessFile file;

    /** Where the file stands, so that a sequential write needs no seek. */
    private long at;

    private @Nullable AsynchronousFileChannel data;

    private final List<WeakReference<MappedByteBuffer>> living;
    private @Nullable Mapping mapped;

    RealFile(Path name, String mode, List<WeakReference<MappedByteBuffer>> living)
        throws IOException {
      this.name = name;
      this.living = living;
      this.file = new RandomAccessFile(name.toFile(), mode);
    }

    private void seek(long position) throws IOException {
      if (at != position) {
        file.seek(position);
      }
      at = -1;
    }

    @Override
    public long size() throws IOException {
      return file.length();
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) throws IOException {
      seek(position);
      int done = 0;
      while (done < length) {
        int n = file.read(into, offset + done, length - done);
        if (n < 0) {
          break;
        }
        done += n;
      }
      at = position + done;
      return done;
    }

    @Override
    public void map(int bytes) {
      mapped = Mapping.of(name, bytes, living);
    }

    @Override
    public void write(long position, byte[] from, int offset, int length) throws IOException {
      Mapping memory = mapped;
      if (memory != null && memory.takes(position, length)) {
        memory.write((int) position, from, offset, length);
        return;
      }
      seek(position);
      file.write(from, offset, length);
      at = position + length;
    }

    @Override
    public void writeForced(long position, byte[] from, int offset, int length) throws IOException {
      AsynchronousFileChannel channel = data;
      if (channel == null) {
        channel = AsynchronousFileChannel.open(name, StandardOpenOption.WRITE);
        data = channel;
      }
      write(position, from, offset, length);
      channel.force(false);
    }

    @Override
    public void force() throws IOException {
      file.getFD().sync();
    }

    @Override
    public void truncate(long size) throws IOException {
      mapped = null;
      file.setLength(size);
      at = -1;
    }

    @Override
    public boolean stands(long size) {
      return name.toFile().length() == size;
    }

    @Override
    public void close() throws IOException {
      mapped = null;
      try {
        file.close();
      } finally {
        if (data != null) {
          data.close();
        }
      }
    }
  }
}
