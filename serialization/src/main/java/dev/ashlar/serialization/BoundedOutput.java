package dev.ashlar.serialization;

import dev.ashlar.core.Bytes;
import java.io.OutputStream;
import java.util.Arrays;

/** Collects the bytes of a document, and refuses the first one over the limit. */
final class BoundedOutput extends OutputStream {

  private static final int FIRST_SIZE = 256;

  private final int sizeMax;
  private byte[] array;
  private int size;

  BoundedOutput(int sizeMax) {
    this.sizeMax = sizeMax;
    this.array = new byte[Math.min(FIRST_SIZE, sizeMax)];
  }

  @Override
  public void write(int b) {
    grow(1);
    array[size++] = (byte) b;
  }

  @Override
  public void write(byte[] source, int offset, int length) {
    grow(length);
    System.arraycopy(source, offset, array, size, length);
    size += length;
  }

  Bytes toBytes() {
    return Bytes.owning(size == array.length ? array : Arrays.copyOf(array, size));
  }

  private void grow(int more) {
    long needed = (long) size + more;
    if (needed > sizeMax) {
      throw Refusal.overLimit("sizeBytes", needed, sizeMax);
    }
    if (needed > array.length) {
      long doubled = Math.max(needed, 2L * array.length);
      array = Arrays.copyOf(array, (int) Math.min(doubled, sizeMax));
    }
  }
}
