package dev.ashlar.examples.shop.order;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.MalformedDataException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Orders out of lines of JSON, one after the other.
 *
 * <p>Blank lines are passed over. A line that is too long is read to its end and never kept.
 *
 * <p><b>Threads.</b> One thread only.
 */
final class OrderLines {

  private static final int END = -1;

  private final InputStream in;
  private final byte[] buffer = new byte[OrderForm.LINE_MAX];
  private long number;

  OrderLines(InputStream in) {
    this.in = new BufferedInputStream(in, 1 << 16);
  }

  /** Returns the next line that is not blank; empty at the end. */
  Optional<Line> next() throws IOException {
    while (true) {
      int length = 0;
      int b = in.read();
      if (b == END) {
        return Optional.empty();
      }
      number++;
      while (b != END && b != '\n') {
        if (length < buffer.length) {
          buffer[length] = (byte) b;
        }
        length = Math.min(length + 1, buffer.length + 1);
        b = in.read();
      }
      if (length > buffer.length) {
        return Optional.of(
            new Bad(number, "line: too long (expected: at most " + buffer.length + " bytes)"));
      }
      Bytes line = Bytes.owning(Arrays.copyOf(buffer, length));
      if (!isBlank(line)) {
        return Optional.of(read(line));
      }
    }
  }

  private Line read(Bytes line) {
    try {
      return new Good(number, OrderForm.read(line));
    } catch (MalformedDataException e) {
      return new Bad(number, String.valueOf(e.getMessage()));
    }
  }

  private static boolean isBlank(Bytes line) {
    for (int i = 0; i < line.size(); i++) {
      if (line.at(i) != ' ' && line.at(i) != '\t' && line.at(i) != '\r') {
        return false;
      }
    }
    return true;
  }

  /** One line. */
  sealed interface Line {}

  /** A line with an order. */
  record Good(long number, Order order) implements Line {}

  /** A line without one, and why. */
  record Bad(long number, String reason) implements Line {}
}
