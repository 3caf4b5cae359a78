package dev.ashlar.messaging.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Yardstick C: the least code that appends durably. Length, CRC32C and payload into a direct buffer
 * of 64 KiB; whoever comes first writes and forces for all; files of 64 MiB filled with zeros ahead
 * of their use. It recovers nothing, reads nothing back and dies of an interrupt.
 */
final class Yardstick implements AutoCloseable {

  static final int SEGMENT = 64 << 20;

  private final Path folder;
  private final ExecutorService maker =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
          });
  private final ReentrantLock lock = new ReentrantLock();
  private Condition fillingDone = lock.newCondition();
  private Condition flushingDone = lock.newCondition();
  private final Condition room = lock.newCondition();
  private ByteBuffer filling = ByteBuffer.allocateDirect(64 << 10);
  private ByteBuffer flushing = ByteBuffer.allocateDirect(64 << 10);
  private FileChannel channel;
  private Future<FileChannel> next;
  private long position;
  private int files;
  private long appended;
  private long durable;
  private boolean leading;

  Yardstick(Path folder) throws Exception {
    this.folder = folder;
    this.next = maker.submit(this::make);
    this.channel = next.get();
    this.next = maker.submit(this::make);
  }

  private FileChannel make() throws IOException {
    FileChannel made =
        FileChannel.open(
            folder.resolve("yardstick-" + files++),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
    for (int at = 0; at < SEGMENT; at += 1 << 20) {
      made.write(zeros.clear(), at);
    }
    made.force(true);
    return made;
  }

  long append(byte[] payload) throws Exception {
    CRC32C crc = new CRC32C();
    crc.update(payload, 0, payload.length);
    lock.lock();
    try {
      while (filling.remaining() < payload.length + 8) {
        if (leading) {
          room.await();
        } else {
          lead();
        }
      }
      filling.putInt(payload.length).putInt((int) crc.getValue()).put(payload);
      return ++appended;
    } finally {
      lock.unlock();
    }
  }

  void await(long sequence) throws Exception {
    lock.lock();
    try {
      while (durable < sequence) {
        if (leading) {
          fillingOrFlushing(sequence).await();
        } else {
          lead();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private long flushingUpTo;

  private Condition fillingOrFlushing(long sequence) {
    return sequence <= flushingUpTo ? flushingDone : fillingDone;
  }

  private void lead() throws Exception {
    leading = true;
    ByteBuffer out = filling;
    filling = flushing.clear();
    flushing = out;
    Condition done = fillingDone;
    fillingDone = flushingDone;
    flushingDone = done;
    flushingUpTo = appended;
    lock.unlock();
    try {
      write(out.flip());
    } finally {
      lock.lock();
    }
    leading = false;
    durable = flushingUpTo;
    flushingDone.signalAll();
    fillingDone.signal();
    room.signalAll();
  }

  private void write(ByteBuffer out) throws Exception {
    if (position + out.remaining() > SEGMENT) {
      channel.close();
      channel = next.get();
      next = maker.submit(this::make);
      position = 0;
    }
    while (out.hasRemaining()) {
      position += channel.write(out, position);
    }
    channel.force(false);
  }

  /** Reads all records of the files written so far, verifying each; returns their count. */
  static long readAll(Path folder, int files) throws IOException {
    long count = 0;
    ByteBuffer in = ByteBuffer.allocateDirect(64 << 10);
    CRC32C crc = new CRC32C();
    for (int i = 0; i < files; i++) {
      try (FileChannel file = FileChannel.open(folder.resolve("yardstick-" + i))) {
        in.clear();
        boolean more = true;
        while (more) {
          more = file.read(in) > 0;
          in.flip();
          while (in.remaining() >= 8) {
            int length = in.getInt(in.position());
            if (length == 0) {
              more = false;
              break;
            }
            if (in.remaining() < 8 + length) {
              break;
            }
            int expected = in.getInt(in.position() + 4);
            crc.reset();
            ByteBuffer payload = in.slice(in.position() + 8, length);
            crc.update(payload);
            if ((int) crc.getValue() != expected) {
              throw new IllegalStateException("checksum");
            }
            in.position(in.position() + 8 + length);
            count++;
          }
          in.compact();
        }
      }
    }
    return count;
  }

  int files() {
    return files;
  }

  @Override
  public void close() {
    maker.shutdownNow();
    close(channel);
    try {
      close(next.get());
    } catch (Exception neverMade) {
      return;
    }
  }

  private static void close(@Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
