package dev.ashlar.messaging.journal;

import dev.ashlar.core.Bytes;
import java.io.IOException;
import java.io.OutputStream;

/**
 * What is appended: it knows its size and writes itself, so that it need not be one array.
 *
 * <p><b>Failures.</b> One that writes another number of bytes than it said, or throws, is refused
 * with {@link IllegalStateException}, and nothing of its append stays.
 *
 * <p><b>Threads.</b> It is asked before its append returns, by the thread that appends, while
 * others wait to append too: so it neither blocks nor calls the journal.
 */
public interface Payload {

  /** Returns how many bytes it will write; the same each time. */
  int size();

  /** Writes exactly {@link #size} bytes. */
  void writeTo(OutputStream out) throws IOException;

  /** Returns the record that consists of one run of bytes. */
  static Payload of(Bytes bytes) {
    return new Payload() {
      @Override
      public int size() {
        return bytes.size();
      }

      @Override
      public void writeTo(OutputStream out) throws IOException {
        bytes.writeTo(out);
      }
    };
  }
}
