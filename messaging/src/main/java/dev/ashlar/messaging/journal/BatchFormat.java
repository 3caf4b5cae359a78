package dev.ashlar.messaging.journal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/*
 * A batch: what one group of appends left, written and forced as one. It begins at a multiple of 8.
 *
 *    0 'BTCH'                    4 length of the body, u32
 *    8 number of the first record, u64
 *   16 count of records, u32    20 F: up to this offset of the segment all was forced before, u32
 *   24 CRC32C of the body       28 CRC32C of the 28 bytes before
 *   32 body: count x { length, u32; bytes }
 *      zeros up to a multiple of 8, inside the checksum of the body but not its length
 *
 * F is what tells a crash from damage (TailScan has the argument).
 *
 * Both checksums begin with the salt of the segment and the offset of the batch, see SegmentFormat.
 */
/** Batches in arrays of bytes. */
final class BatchFormat {

  static final int HEADER_BYTES = 32;
  static final int LENGTH_BYTES = 4;
  static final int MAGIC = 0x42544348;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** As {@link SegmentFormat#crc} takes salt and offset. */
  private static final VarHandle LITTLE =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private BatchFormat() {}

  /** Where a batch stands: the salt of its segment and its offset there. */
  record Spot(long salt, int offset) {}

  static int paddedBytes(int bodyBytes) {
    return (bodyBytes + 7) & ~7;
  }

  static int intAt(byte[] bytes, int at) {
    return (int) INT.get(bytes, at);
  }

  static long longAt(byte[] bytes, int at) {
    return (long) LONG.get(bytes, at);
  }

  static void putInt(byte[] bytes, int at, int value) {
    INT.set(bytes, at, value);
  }

  static void putLong(byte[] bytes, int at, long value) {
    LONG.set(bytes, at, value);
  }

  /**
   * Completes a batch whose body, padded with zeros, already stands at 32. Salt and offset stand
   * for a moment where the end of the header comes, so that each checksum is taken in long runs;
   * byte by byte they would cost as much as the body.
   */
  static void seal(byte[] batch, int bodyBytes, long first, int count, int forced, Spot spot) {
    LITTLE.set(batch, HEADER_BYTES - 2 * Long.BYTES, spot.salt);
    LITTLE.set(batch, HEADER_BYTES - Long.BYTES, (long) spot.offset);
    CRC32C body = new CRC32C();
    body.update(batch, HEADER_BYTES - 2 * Long.BYTES, 2 * Long.BYTES + paddedBytes(bodyBytes));
    CRC32C header = new CRC32C();
    header.update(batch, HEADER_BYTES - 2 * Long.BYTES, 2 * Long.BYTES);
    putInt(batch, 0, MAGIC);
    putInt(batch, 4, bodyBytes);
    putLong(batch, 8, first);
    putInt(batch, 16, count);
    putInt(batch, 20, forced);
    putInt(batch, 24, (int) body.getValue());
    header.update(batch, 0, 28);
    putInt(batch, 28, (int) header.getValue());
  }

  /** Whether the 32 bytes at an index are the header of a batch written for this spot. */
  static boolean isHeader(byte[] bytes, int at, Spot spot) {
    return intAt(bytes, at) == MAGIC
        && intAt(bytes, at + 28) == SegmentFormat.crc(spot.salt, spot.offset, bytes, at, 28);
  }

  static int bodyBytes(byte[] bytes, int at) {
    return intAt(bytes, at + 4);
  }

  static long first(byte[] bytes, int at) {
    return longAt(bytes, at + 8);
  }

  static int count(byte[] bytes, int at) {
    return intAt(bytes, at + 16);
  }

  static int forced(byte[] bytes, int at) {
    return intAt(bytes, at + 20);
  }

  /** Whether a header's sizes can be true in the room there is, before any of it is allocated. */
  static boolean fits(byte[] bytes, int at, int roomBytes) {
    int body = bodyBytes(bytes, at);
    int count = count(bytes, at);
    return body > 0
        && count > 0
        && (long) count * LENGTH_BYTES <= body
        && (long) HEADER_BYTES + body + 7 <= Integer.MAX_VALUE
        && HEADER_BYTES + paddedBytes(body) <= roomBytes;
  }

  /** Whether the body after a valid header is what was written, down to the records' lengths. */
  static boolean isBodyValid(byte[] bytes, int at, Spot spot) {
    int body = bodyBytes(bytes, at);
    int start = at + HEADER_BYTES;
    if (intAt(bytes, at + 24)
        != SegmentFormat.crc(spot.salt, spot.offset, bytes, start, paddedBytes(body))) {
      return false;
    }
    int count = count(bytes, at);
    int next = start;
    int end = start + body;
    for (int i = 0; i < count; i++) {
      int left = end - next - LENGTH_BYTES;
      int length = left < 0 ? -1 : intAt(bytes, next);
      if (length < 0 || length > left) {
        return false;
      }
      next += LENGTH_BYTES + length;
    }
    return next == end;
  }
}
