package dev.ashlar.leases.guard;

import dev.ashlar.core.FencingToken;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.MalformedDataException.Reason;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.LeaseName;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.CRC32C;

/*
 * A floor file, whole. It is replaced by rename, so a part of one means that the disk, or somebody, has
 * changed it. What does not come out of print() exactly is refused.
 *
 *   ashlar-fence-floor 1
 *   resource accounts
 *   lease nightly
 *   token 7
 *   owner host-1
 *   nonce 01JD3W0000ZZZZZZZZZZZZZZZZ
 *   crc32c 5b2f41c9                      of all bytes before this line
 */

/** The text of a floor file. */
final class FloorText {

  /** The longest one has 387 bytes. */
  static final int BYTES_MAX = 512;

  private static final String FORMAT = "ashlar-fence-floor ";
  private static final String VERSION = "1";
  private static final String[] KEYS = {"resource ", "lease ", "token ", "owner ", "nonce "};
  private static final String CRC = "crc32c ";

  private FloorText() {}

  static byte[] print(String resource, Fence fence) {
    String body =
        FORMAT
            + VERSION
            + "\nresource "
            + resource
            + "\nlease "
            + fence.lease().value()
            + "\ntoken "
            + fence.token().value()
            + "\nowner "
            + fence.holder().owner()
            + "\nnonce "
            + fence.holder().nonce()
            + "\n";
    return latin(body + CRC + crc(body) + "\n");
  }

  /**
   * Reads a floor.
   *
   * @param bytes up to one more than a floor can have
   * @param resource whose floor it should be
   */
  static Fence parse(byte[] bytes, String resource) {
    if (bytes.length > BYTES_MAX) {
      throw malformed(Reason.LIMIT, resource, "more than " + BYTES_MAX + " bytes");
    }
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    checkFormat(text, resource);
    int end = text.lastIndexOf(CRC);
    if (end < 0 || !text.endsWith("\n")) {
      throw malformed(Reason.TRUNCATED, resource, bytes.length + " bytes");
    }
    String body = text.substring(0, end);
    if (!text.equals(body + CRC + crc(body) + "\n")) {
      throw malformed(Reason.CHECKSUM, resource, "changed since it was written");
    }
    String[] lines = body.split("\n", -1);
    if (lines.length != KEYS.length + 2) {
      throw malformed(Reason.MALFORMED, resource, lines.length + " lines");
    }
    String[] values = new String[KEYS.length];
    for (int i = 0; i < KEYS.length; i++) {
      if (!lines[i + 1].startsWith(KEYS[i])) {
        throw malformed(Reason.MISSING_FIELD, resource, "no " + KEYS[i].strip());
      }
      values[i] = lines[i + 1].substring(KEYS[i].length());
    }
    return fence(values, resource, bytes);
  }

  private static void checkFormat(String text, String resource) {
    String first = FORMAT + VERSION + "\n";
    if (!text.startsWith(FORMAT)) {
      boolean isBeginning = FORMAT.startsWith(text);
      throw malformed(
          isBeginning ? Reason.TRUNCATED : Reason.UNKNOWN_FORMAT, resource, "no floor's beginning");
    }
    if (!text.startsWith(first)) {
      boolean isBeginning = first.startsWith(text);
      throw malformed(
          isBeginning ? Reason.TRUNCATED : Reason.UNSUPPORTED_VERSION, resource, "version");
    }
  }

  private static Fence fence(String[] values, String resource, byte[] bytes) {
    if (!values[0].equals(resource)) {
      throw malformed(Reason.INVALID_VALUE, resource, "the floor of another resource");
    }
    try {
      Contender holder = new Contender(new LeaseName(values[1]), values[3], values[4]);
      Fence fence = new Fence(holder, new FencingToken(Long.parseLong(values[2])));
      if (Arrays.equals(print(resource, fence), bytes)) {
        return fence;
      }
    } catch (IllegalArgumentException e) {
      // Said below, without the content.
    }
    throw malformed(Reason.INVALID_VALUE, resource, "a value that no floor has");
  }

  private static MalformedDataException malformed(Reason reason, String resource, String what) {
    return new MalformedDataException(
        reason, resource + ": floor file, " + what + " (expected: as it was written)");
  }

  private static String crc(String body) {
    CRC32C crc = new CRC32C();
    crc.update(latin(body));
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
