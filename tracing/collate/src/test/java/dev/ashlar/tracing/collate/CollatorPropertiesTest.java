package dev.ashlar.tracing.collate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.Subject;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

@Subject("collate")
class CollatorPropertiesTest extends CollatorContract {

  private static final long GIGABYTE = 1L << 30;

  @Test
  @Proves("TRACE-41")
  void aLineThatIsTooLongIsCountedAndNotHeld() throws Exception {
    List<String> lines = Run.order(Duration.ZERO, Duration.ZERO).lines();
    InputStream long1 = new Repeated("x", 50L << 20, "\n" + String.join("\n", lines));

    assertThat(collate(List.of(long1))).contains("too long 1");
  }

  /** The tests run with 256 megabytes of memory. */
  @Test
  @Proves("TRACE-41")
  void aGigabyteIsReadInBoundedMemory() throws Exception {
    List<String> lines = Run.order(Duration.ZERO, Duration.ZERO).lines();
    String other = lines.get(0).replace(Run.ID, "order-18") + "\n";

    String text = collate(List.of(new Repeated(other, GIGABYTE, String.join("\n", lines))));

    assertThat(text).contains("lines 12, requests 4\nread " + (12 + ceil(other.length())) + ":");
  }

  private static long ceil(int length) {
    return (GIGABYTE + length - 1) / length;
  }

  /** A text again and again, up to a length, and then another; none of it in memory at once. */
  static final class Repeated extends InputStream {
    private final byte[] text;
    private final byte[] end;
    private final long repeats;
    private long at;
    private int offset;

    Repeated(String text, long length, String end) {
      this.text = text.getBytes(StandardCharsets.UTF_8);
      this.end = end.getBytes(StandardCharsets.UTF_8);
      this.repeats = (length + this.text.length - 1) / this.text.length;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int from, int length) {
      int copied = 0;
      while (copied < length && at <= repeats) {
        byte[] source = at < repeats ? text : end;
        int count = Math.min(length - copied, source.length - offset);
        System.arraycopy(source, offset, to, from + copied, count);
        copied += count;
        offset += count;
        if (offset == source.length) {
          offset = 0;
          at++;
        }
      }
      return copied == 0 ? -1 : copied;
    }
  }
}
