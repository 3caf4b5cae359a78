package dev.ashlar.messaging.journal;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/*
 * What is stored into a shared mapping is in the page cache, as after write(2), and the page cache
 * outlives the process: so kill -9 takes nothing that was stored. One copy and no system call.
 *
 * A store can fail only by a fault: the file was made shorter by somebody; the page had left the
 * memory and could not be read again; or a file system that never writes in place (btrfs, ZFS) found
 * no block for the change. Elsewhere the blocks are there, because the segment was filled with zeros.
 *
 * Java 17 tells of a fault by an InternalError, at some later moment: in an experiment five hundred
 * further stores "succeeded" before. So it is not relied on. What was stored is read back, eight
 * bytes from each page that are not all zero, into an array that holds other bytes: a copy that
 * faults leaves the array as it was. And because the error is still to come then, this makes the
 * JVM look for it here, before it strikes whoever is called next.
 *
 * Java 17 cannot unmap; the garbage collector does it. Until then the address space is taken, and
 * the blocks of a file that was deleted, and the file system cannot be unmounted. So no more than a
 * few live at a time; with that many not yet collected the next segment is written by write(2), as
 * all were.
 *
 * On Linux only: a force of the file covers what was mapped there, and a mapped file can be cut and
 * deleted.
 */
/** A file that is written by storing into memory. */
final class Mapping {

  /** Of one folder: enough for some hundred megabytes a second and a collection each second. */
  static final int LIVE_MAX = 8;

  private static final boolean IS_LINUX = "Linux".equals(System.getProperty("os.name"));

  /** The smallest there is; where pages are larger more is read back than need be. */
  private static final int PAGE_BYTES = 4096;

  private static final int WORD_BYTES = 8;
  private static final int LARGE_BYTES = 1 << 20;
  private static final int TRIES = 4;

  private final MappedByteBuffer memory;
  private final byte[] word = new byte[WORD_BYTES];

  /** Written only: an allocation that the compiler could leave out would not be one. */
  @SuppressWarnings({"unused", "UnusedVariable"})
  private byte[] large = word;

  private Mapping(MappedByteBuffer memory) {
    this.memory = memory;
  }

  /** Maps a file, if that is possible here and not too many of the living are mapped already. */
  static @Nullable Mapping of(Path file, int bytes, List<WeakReference<MappedByteBuffer>> living) {
    living.removeIf(each -> each.refersTo(null));
    if (!IS_LINUX || living.size() >= LIVE_MAX) {
      return null;
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes);
      living.add(new WeakReference<>(memory));
      return new Mapping(memory);
    } catch (IOException | UnsupportedOperationException notHere) {
      // Not on this file system, no address space, or an interrupt: then it is written.
      return null;
    }
  }

  /** Whether these bytes can be written here: they lie inside, and are whole words. */
  boolean takes(long position, int length) {
    return position + length <= memory.capacity() && (position | length) % WORD_BYTES == 0;
  }

  /** Stores bytes; they are what a reader of the file gets once this returns. */
  void write(int position, byte[] from, int offset, int length) throws IOException {
    boolean whole = false;
    try {
      memory.put(position, from, offset, length);
      whole = isThere(position, from, offset, length);
      if (!whole) {
        awaitError();
      }
    } catch (InternalError fault) {
      whole = false;
    }
    if (!whole) {
      throw new IOException("a fault in the mapped file at " + position);
    }
  }

  private boolean isThere(int position, byte[] from, int offset, int length) {
    boolean there = true;
    int at = 0;
    while (at < length) {
      int inPage = PAGE_BYTES - ((position + at) & (PAGE_BYTES - 1));
      int part = Math.min(inPage, length - at);
      int word = at + tellingWord(from, offset + at, part);
      there &= isWordThere(position + word, from, offset + word);
      at += part;
    }
    return there;
  }

  /** The first word that is not zero, as a page is in which nothing was stored. */
  private static int tellingWord(byte[] from, int offset, int length) {
    int word = 0;
    while (word + WORD_BYTES < length && BatchFormat.longAt(from, offset + word) == 0) {
      word += WORD_BYTES;
    }
    return word;
  }

  private boolean isWordThere(int position, byte[] from, int offset) {
    long expected = BatchFormat.longAt(from, offset);
    BatchFormat.putLong(word, 0, ~expected);
    memory.get(position, word, 0, WORD_BYTES);
    return BatchFormat.longAt(word, 0) == expected;
  }

  /** Leaves compiled code for the JVM, which looks for errors that are due when it comes back. */
  private void awaitError() {
    for (int i = 0; i < TRIES; i++) {
      large = new byte[LARGE_BYTES];
    }
    large = word;
  }
}
