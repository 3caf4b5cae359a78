package dev.ashlar.tracing.collate;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Cuts bytes into lines, and never holds more than one of them. */
final class LineReader {

  /** The longest line that is read: some times what a {@code JsonLine} can be. */
  static final int LINE_MAX_BYTES = 1 << 20;

  private static final int BUFFER_BYTES = 1 << 16;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private byte[] line = new byte[BUFFER_BYTES];
  private int length;
  private int from;
  private int to;
  private long tooLong;

  private LineReader(InputStream in) {
    this.in = in;
  }

  /** Returns a reader of plain or gzipped bytes. */
  static LineReader of(InputStream bytes) throws IOException {
    BufferedInputStream in = new BufferedInputStream(bytes, BUFFER_BYTES);
    in.mark(2);
    boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
    in.reset();
    return new LineReader(gzip ? new GZIPInputStream(in, BUFFER_BYTES) : in);
  }

  /** Returns how many lines were left out because they are too long. */
  long tooLong() {
    return tooLong;
  }

  /** Returns the next line that is not empty, without its end; the last one needs none. */
  Optional<byte[]> next() throws IOException {
    while (true) {
      length = 0;
      boolean fits = true;
      boolean ended = false;
      while (!ended && fill()) {
        int end = endOfLine();
        ended = end < to;
        fits = fits && keep(end - from);
        from = Math.min(to, end + 1);
      }
      if (length > 0 && line[length - 1] == '\r') {
        length--;
      }
      if (!fits) {
        tooLong++;
      } else if (length > 0) {
        return Optional.of(Arrays.copyOf(line, length));
      }
      if (!ended) {
        return Optional.empty();
      }
    }
  }

  private boolean fill() throws IOException {
    if (from < to) {
      return true;
    }
    from = 0;
    to = Math.max(0, in.read(buffer));
    return to > 0;
  }

  private int endOfLine() {
    int end = from;
    while (end < to && buffer[end] != '\n') {
      end++;
    }
    return end;
  }

  private boolean keep(int count) {
    if (length + count > LINE_MAX_BYTES) {
      return false;
    }
    if (length + count > line.length) {
      line = Arrays.copyOf(line, Math.max(length + count, 2 * line.length));
    }
    System.arraycopy(buffer, from, line, length, count);
    length += count;
    return true;
  }
}
