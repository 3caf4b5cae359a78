package dev.ashlar.messaging.journal;

import dev.ashlar.messaging.journal.BatchFormat.Spot;
import dev.ashlar.messaging.journal.Disk.DiskFile;
import dev.ashlar.messaging.journal.SegmentFormat.Footer;
import dev.ashlar.messaging.journal.SegmentFormat.Header;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/** One copy of one segment, looked at through a window of bounded size. */
final class SegmentView {

  private static final int WINDOW_BYTES = 256 << 10;

  /**
   * What is read at once by those who look here and there: an entry of the index further at most.
   */
  private static final int LITTLE_BYTES = SegmentFormat.INDEX_STEP_BYTES;

  private final DiskFile file;
  private final Header header;
  private byte[] window = new byte[LITTLE_BYTES];
  private int ahead = WINDOW_BYTES;
  private int windowStart;
  private int windowEnd;

  SegmentView(DiskFile file, Header header) {
    this.file = file;
    this.header = header;
  }

  Header header() {
    return header;
  }

  /** The array that {@link #batchAt} and {@link #bytesAt} answer positions in. */
  byte[] array() {
    return window;
  }

  /** Reads little at once, until it is read on from there. */
  void readLittle() {
    ahead = LITTLE_BYTES;
  }

  /** Forgets what was read: the file may have changed. */
  void refresh() {
    windowEnd = windowStart;
  }

  /**
   * Looks for a whole valid batch at an offset.
   *
   * @return its position in {@link #array}, or -1 if there is none
   */
  int batchAt(int offset, int limit) throws IOException {
    int at = headerAt(offset, limit);
    if (at < 0 || !BatchFormat.fits(window, at, limit - offset)) {
      return -1;
    }
    int size =
        BatchFormat.HEADER_BYTES + BatchFormat.paddedBytes(BatchFormat.bodyBytes(window, at));
    int whole = bytesAt(offset, size, limit);
    return whole >= 0 && BatchFormat.isBodyValid(window, whole, spot(offset)) ? whole : -1;
  }

  /** Looks for the header of a batch only; its body may be anything. */
  int headerAt(int offset, int limit) throws IOException {
    if (limit - offset < BatchFormat.HEADER_BYTES) {
      return -1;
    }
    int at = bytesAt(offset, BatchFormat.HEADER_BYTES, limit);
    return at >= 0 && BatchFormat.isHeader(window, at, spot(offset)) ? at : -1;
  }

  /** Looks for a whole valid footer at an offset. */
  Optional<Footer> footerAt(int offset, long fileBytes) throws IOException {
    int at = bytesAt(offset, SegmentFormat.FOOTER_BYTES);
    if (at < 0) {
      return Optional.empty();
    }
    byte[] start = Arrays.copyOfRange(window, at, at + SegmentFormat.FOOTER_BYTES);
    int size = SegmentFormat.footerBytes(start, fileBytes - offset);
    int whole = size == 0 ? -1 : bytesAt(offset, size);
    return whole < 0
        ? Optional.empty()
        : SegmentFormat.decode(Arrays.copyOfRange(window, whole, whole + size), offset, header);
  }

  /** Finds the footer from the end of the file. */
  Optional<Footer> footer() throws IOException {
    long size = file.size();
    byte[] trailer = new byte[SegmentFormat.TRAILER_BYTES];
    if (size < SegmentFormat.HEADER_BYTES + SegmentFormat.FOOTER_BYTES + trailer.length
        || file.read(size - trailer.length, trailer, 0, trailer.length) < trailer.length) {
      return Optional.empty();
    }
    int offset = SegmentFormat.footerOffset(trailer, size);
    return offset < 0
        ? Optional.empty()
        : footerAt(offset, size).filter(f -> size == offset + sizeOf(f));
  }

  static int sizeOf(Footer footer) {
    return SegmentFormat.FOOTER_BYTES + SegmentFormat.TRAILER_BYTES + 8 * footer.index().size();
  }

  /** Brings bytes into the window; -1 if the file has fewer. */
  int bytesAt(int offset, int length) throws IOException {
    return bytesAt(offset, length, Integer.MAX_VALUE);
  }

  /** The same, and nothing from a limit on is kept in the window: it may be changing. */
  private int bytesAt(int offset, int length, int limit) throws IOException {
    if (offset < windowStart || offset + length > windowEnd) {
      int wanted = Math.max(length, ahead);
      if (window.length < wanted) {
        window = new byte[wanted];
      }
      ahead = WINDOW_BYTES;
      windowStart = offset;
      int most = Math.min(wanted, limit - offset);
      windowEnd = offset + file.read(offset, window, 0, most);
    }
    return offset + length <= windowEnd ? offset - windowStart : -1;
  }

  /** How many bytes from an offset on are in the window, after a call of {@link #bytesAt}. */
  int available(int offset) {
    return windowEnd - offset;
  }

  private Spot spot(int offset) {
    return new Spot(header.salt(), offset);
  }
}
