package dev.ashlar.examples.benchmarks.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * One file of the yardstick: a length, a CRC32C and a payload, and again, until a length of zero.
 */
final class Segment {

  static final int SIZE_BYTES = 64 << 20;
  static final int HEADER_BYTES = 8;

  private static final int READ_BYTES = 1 << 20;

  /**
   * What zeros are written in. Larger pieces become larger folios of the page cache (seen on ext4
   * of Linux 6.18), and a small write walks all blocks of its folio: 2.6 us in a file that was
   * filled by the megabyte, 1.3 us in one that was filled by this.
   */
  private static final int ZEROS_BYTES = 64 << 10;

  private Segment() {}

  /**
   * Makes a file that is already as long as it will be, so that no force has to record a length.
   */
  static void fillWithZeros(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_BYTES);
      for (int done = 0; done < SIZE_BYTES; done += ZEROS_BYTES) {
        zeros.clear();
        channel.write(zeros);
      }
      channel.force(true);
    }
  }

  /**
   * Hands over all records whose checksum is right, up to the first that has none.
   *
   * @return where the next record would stand
   */
  static long scan(Path file, DurableLog.Sink sink) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
      CRC32C checksum = new CRC32C();
      long position = 0;
      while (true) {
        buffer.clear();
        readFully(channel, buffer, position);
        buffer.flip();
        long before = position;
        position += takeRecords(buffer, checksum, sink);
        if (position == before) {
          return position;
        }
      }
    }
  }

  private static void readFully(FileChannel channel, ByteBuffer buffer, long from)
      throws IOException {
    long position = from;
    while (buffer.hasRemaining()) {
      int read = channel.read(buffer, position);
      if (read < 0) {
        return;
      }
      position += read;
    }
  }

  /** Takes the whole records of a buffer; returns how many bytes they are. */
  private static int takeRecords(ByteBuffer buffer, CRC32C checksum, DurableLog.Sink sink) {
    int limit = buffer.limit();
    int at = 0;
    while (at + HEADER_BYTES <= limit) {
      int length = buffer.getInt(at);
      int end = at + HEADER_BYTES + length;
      if (length <= 0 || end > limit || end < 0) {
        return at;
      }
      int expected = buffer.getInt(at + Integer.BYTES);
      buffer.limit(end).position(at + HEADER_BYTES);
      checksum.reset();
      checksum.update(buffer);
      buffer.limit(limit);
      if ((int) checksum.getValue() != expected) {
        return at;
      }
      buffer.limit(end).position(at + HEADER_BYTES);
      sink.accept(buffer);
      buffer.limit(limit);
      at = end;
    }
    return at;
  }
}
