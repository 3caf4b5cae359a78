package dev.ashlar.examples.shop.log;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file that one service logs to, through all its deaths and starts.
 *
 * <p>Each line is with the operating system before the next thing happens, so a service that is
 * killed has logged all that it did. What a kill has torn off in the middle stays a line of its
 * own, which readers count and leave out; the next start begins a new one.
 *
 * <p><b>Limits.</b> {@value #BYTES_MAX} bytes and a line or two more: a dozen such files for each
 * strategy are a disk's small change, and the collator reads all of them in seconds.
 *
 * <p><b>Threads.</b> One thread at a time.
 */
final class LogFile implements AutoCloseable {

  static final long BYTES_MAX = 8 << 20;

  /** Not a channel, which a thread that is interrupted while it writes would close for all. */
  private final OutputStream out;

  private long size;
  private boolean broken;

  private LogFile(OutputStream out, long size) {
    this.out = out;
    this.size = size;
  }

  /** Opens a file, and makes it if it is not there. */
  static LogFile open(Path file) {
    try {
      long size = Files.exists(file) ? Files.size(file) : 0;
      boolean torn = size > 0 && lastByte(file) != '\n';
      LogFile log = new LogFile(new FileOutputStream(file.toFile(), true), size);
      if (torn) {
        log.append("");
      }
      return log;
    } catch (IOException e) {
      throw new IllegalStateException("log " + file + ": cannot be opened: " + e, e);
    }
  }

  private static int lastByte(Path file) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
      bytes.seek(bytes.length() - 1);
      return bytes.read();
    }
  }

  /** Returns whether nothing more is to be written. */
  boolean isFull() {
    return broken || size >= BYTES_MAX;
  }

  /** Writes a line. A disk that takes no more ends the log, and not the service. */
  void append(String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.US_ASCII);
    try {
      out.write(bytes);
      size += bytes.length;
    } catch (IOException e) {
      broken = true;
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      broken = true;
    }
  }
}
