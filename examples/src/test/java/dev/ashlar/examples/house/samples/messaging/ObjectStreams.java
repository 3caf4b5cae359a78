package dev.ashlar.examples.house.samples.messaging;

import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;

/** Each trusts bytes to say which code to run. */
public final class ObjectStreams {
  private ObjectStreams() {}

  public static final class Reads {
    @SuppressWarnings("BanSerializableRead")
    public Object read(InputStream in) throws IOException, ClassNotFoundException {
      return new ObjectInputStream(in).readObject();
    }
  }

  public static final class Writes {
    public void write(OutputStream out) throws IOException {
      new ObjectOutputStream(out).writeObject("x");
    }
  }
}
