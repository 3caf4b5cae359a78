package dev.ashlar.messaging.journal;

import dev.ashlar.core.Bytes;
import java.io.IOException;
import java.io.OutputStream;

/** What is appended: it knows its size and writes itself, so that it need not be one array. */
public interface Payload {

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
