package dev.ashlar.messaging.journal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/*
 * A segment, version 1. All numbers are big-endian; what is drawn as zero must be zero.
 *
 *   name: <id, 16 hex digits>-<number of the first record, 16 hex digits>.log
 *
 *   +---------------------------------------------------------------+ 0
 *   | "ASHLRLOG" | version 1, 3 zero bytes | size of the whole file |
 *   | id of the segment, u64       | number of the first record, u64|
 *   | salt, u64                    | zero, u32 | CRC32C, u32        |
 *   | zero, 16 bytes                                                |
 *   +---------------------------------------------------------------+ 64
 *   | batch | batch | ...                           (BatchFormat)   |
 *   +---------------------------------------------------------------+ E: end of the data
 *   | active: zeros up to the size of the whole file                |
 *   | sealed: the footer, and the file ends with it                 |
 *   +---------------------------------------------------------------+
 *
 *   footer:
 *   | 'FOOT' | entries n, u32 | first record, u64 | end record, u64 |
 *   | E, u32 | CRC32C, u32    | n x { record - first, u32; offset, u32 } |
 *   | E, u32 | 'TOOF'  |
 *
 * The salt differs from segment to segment and goes first into every checksum of the segment, with
 * the offset where the checked bytes begin. So bytes that belong to another segment, to an earlier
 * life of this one, or to another place in it never look valid: neither those that a file system
 * brings back, nor those that somebody sends as the content of a record.
 *
 * A segment is filled with zeros, forced, given its header, forced, and only then given its name.
 * So a file with such a name always has a whole header and, until it is sealed, its whole size: less
 * of either is damage, never a crash.
 */
/** Headers, footers and names of segments: bytes in, values out, no file touched. */
final class SegmentFormat {

  static final int VERSION = 1;
  static final int HEADER_BYTES = 64;
  static final int FOOTER_BYTES = 32;
  static final int TRAILER_BYTES = 8;

  /** One entry of the index for as much data: a reader skips at most this much. */
  static final int INDEX_STEP_BYTES = 64 << 10;

  static final String SUFFIX = ".log";

  private static final Pattern NAME = Pattern.compile("[0-7][0-9a-f]{15}-[0-7][0-9a-f]{15}\\.log");
  private static final long MAGIC = 0x4153484c524c4f47L;
  private static final int FOOT = 0x464f4f54;
  private static final int TOOF = 0x544f4f46;

  private SegmentFormat() {}

  /** What a segment's name says. */
  record Name(long id, long first) implements Comparable<Name> {

    @Override
    public int compareTo(Name other) {
      return Long.compare(id, other.id);
    }

    @Override
    public String toString() {
      return String.format("%016x-%016x%s", id, first, SUFFIX);
    }

    /** By hand, as is hashCode: how a record makes its own costs the first opening some 20 ms. */
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Name name && name.id == id && name.first == first;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(31 * id + first);
    }

    static Optional<Name> parse(String text) {
      if (!NAME.matcher(text).matches()) {
        return Optional.empty();
      }
      return Optional.of(
          new Name(
              Long.parseLong(text.substring(0, 16), 16),
              Long.parseLong(text.substring(17, 33), 16)));
    }
  }

  /** What a segment's first bytes say. */
  record Header(Name name, int sizeBytes, long salt) {}

  /** One entry of the index: at this offset begins the batch whose first record has the number. */
  record Entry(long number, int offset) {}

  /** What a sealed segment's last bytes say. */
  record Footer(long first, long end, int dataEnd, List<Entry> index) {}

  /** Thrown by nobody: an answer about bytes. */
  enum Verdict {
    VALID,
    DAMAGED,
    LATER_VERSION
  }

  static byte[] encode(Header header) {
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES);
    out.putLong(MAGIC).putInt(VERSION << 24).putInt(header.sizeBytes);
    out.putLong(header.name.id).putLong(header.name.first).putLong(header.salt).putInt(0);
    out.putInt(crc(header.salt, 0, out.array(), 0, 44));
    return out.array();
  }

  /** Looks at a header before anything in it is believed. */
  static Verdict judge(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length != HEADER_BYTES || in.getLong(0) != MAGIC) {
      return Verdict.DAMAGED;
    }
    // The checksum stands where it stands in all versions, so that a flipped bit is no version.
    if (in.getInt(44) != crc(in.getLong(32), 0, bytes, 0, 44)) {
      return Verdict.DAMAGED;
    }
    int version = bytes[8];
    if (version != VERSION) {
      return version > VERSION ? Verdict.LATER_VERSION : Verdict.DAMAGED;
    }
    boolean zero = in.getInt(40) == 0 && in.getLong(48) == 0 && in.getLong(56) == 0;
    return zero && (in.getInt(8) & 0xffffff) == 0 && in.getInt(12) > HEADER_BYTES
        ? Verdict.VALID
        : Verdict.DAMAGED;
  }

  /** Reads a header that was judged valid. */
  static Header decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new Header(new Name(in.getLong(16), in.getLong(24)), in.getInt(12), in.getLong(32));
  }

  /** How much room a footer may need at the end of a segment of a size. */
  static int footerMaxBytes(int segmentBytes) {
    return FOOTER_BYTES + TRAILER_BYTES + 8 * (segmentBytes / INDEX_STEP_BYTES + 2);
  }

  static byte[] encode(Footer footer, long salt) {
    int size = FOOTER_BYTES + TRAILER_BYTES + 8 * footer.index.size();
    ByteBuffer out = ByteBuffer.allocate(size);
    out.putInt(FOOT).putInt(footer.index.size()).putLong(footer.first).putLong(footer.end);
    out.putInt(footer.dataEnd).putInt(0);
    for (Entry entry : footer.index) {
      out.putInt((int) (entry.number - footer.first)).putInt(entry.offset);
    }
    out.putInt(footer.dataEnd).putInt(TOOF);
    out.putInt(28, crc(salt, footer.dataEnd, out.array(), 0, size));
    return out.array();
  }

  /** Where the footer of a file begins whose last bytes are these; -1 if they are no trailer. */
  static int footerOffset(byte[] trailer, long fileBytes) {
    ByteBuffer in = ByteBuffer.wrap(trailer);
    int offset = in.getInt(0);
    boolean plausible =
        in.getInt(4) == TOOF
            && offset >= HEADER_BYTES
            && offset <= fileBytes - FOOTER_BYTES - TRAILER_BYTES;
    return plausible ? offset : -1;
  }

  /** How long the footer is whose first bytes are these, as far as it fits into the room; or 0. */
  static int footerBytes(byte[] start, long room) {
    ByteBuffer in = ByteBuffer.wrap(start);
    if (in.getInt(0) != FOOT) {
      return 0;
    }
    long size = FOOTER_BYTES + TRAILER_BYTES + 8L * in.getInt(4);
    return in.getInt(4) >= 0 && size <= room ? (int) size : 0;
  }

  /** Reads a whole footer that was found at the offset; empty if it is not what was written. */
  static Optional<Footer> decode(byte[] bytes, int offset, Header header) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int claimed = in.getInt(28);
    in.putInt(28, 0);
    int actual = crc(header.salt, offset, bytes, 0, bytes.length);
    in.putInt(28, claimed);
    long first = in.getLong(8);
    boolean valid = claimed == actual && in.getInt(24) == offset && first == header.name.first;
    if (!valid) {
      return Optional.empty();
    }
    List<Entry> index = new ArrayList<>();
    for (int i = 0; i < in.getInt(4); i++) {
      int at = FOOTER_BYTES + 8 * i;
      index.add(new Entry(first + in.getInt(at), in.getInt(at + 4)));
    }
    return Optional.of(new Footer(first, in.getLong(16), offset, index));
  }

  static int crc(long salt, long offset, byte[] bytes, int from, int length) {
    CRC32C crc = seeded(salt, offset);
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  private static CRC32C seeded(long salt, long offset) {
    CRC32C crc = new CRC32C();
    for (int shift = 0; shift < 64; shift += 8) {
      crc.update((int) (salt >>> shift));
    }
    for (int shift = 0; shift < 64; shift += 8) {
      crc.update((int) (offset >>> shift));
    }
    return crc;
  }
}
