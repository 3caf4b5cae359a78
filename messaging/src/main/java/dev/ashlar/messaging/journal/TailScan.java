package dev.ashlar.messaging.journal;

import dev.ashlar.messaging.journal.BatchFormat.Spot;
import dev.ashlar.messaging.journal.SegmentFormat.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/*
 * What a torn tail is, and what it is not.
 *
 * A crash of the machine leaves of the bytes that were written and not forced any subset of pages:
 * none, all, or the later ones without the earlier. So "garbage at the end" is too simple a picture
 * of a torn tail, and "a valid batch after the garbage" is no proof of damage: with durability OS
 * two batches may be in flight, and the second alone may have come down.
 *
 * Therefore each batch says up to which offset, F, its segment had been forced when it was written.
 * Let D be the first offset where no valid batch begins.
 *
 *      | valid | valid | ##### | valid, F |         F > D: those bytes had been forced once, so no
 *                      D                            crash took them: DAMAGED, and nothing is cut.
 *
 *      | valid | valid | ##### | valid, F |         all F <= D: nobody was told that the bytes from
 *                      D                            D on are on the disk: a torn tail, cut at D.
 *
 * The header of the later batch is proof enough, its body may be torn itself; and its checksum has
 * the salt and the offset in it, so it is not content that looks like one.
 *
 * With ON_APPEND one group is in flight at a time and is one batch, so a later batch always has
 * F > D. What no log in one copy can tell is damage to the very last batch from a tear of it: nothing
 * after it speaks for it. A clean close seals the segment with a footer, and then it can.
 */
/** Where the data of a segment end, and whether a crash explains it. */
record TailScan(int end, long next, List<Entry> index, boolean sealed, boolean damaged) {

  /**
   * Reads all batches of a segment.
   *
   * @param size how many bytes the file has
   */
  static TailScan of(SegmentView view, long size) throws IOException {
    int limit = (int) Math.min(size, view.header().sizeBytes());
    List<Entry> index = new ArrayList<>();
    int offset = SegmentFormat.HEADER_BYTES;
    int indexed = -SegmentFormat.INDEX_STEP_BYTES;
    long next = view.header().name().first();
    while (true) {
      int at = view.batchAt(offset, limit);
      if (at < 0 || BatchFormat.first(view.array(), at) != next) {
        return ended(view, size, new TailScan(offset, next, index, false, false));
      }
      if (offset - indexed >= SegmentFormat.INDEX_STEP_BYTES) {
        index.add(new Entry(next, offset));
        indexed = offset;
      }
      byte[] bytes = view.array();
      next += BatchFormat.count(bytes, at);
      offset +=
          BatchFormat.HEADER_BYTES + BatchFormat.paddedBytes(BatchFormat.bodyBytes(bytes, at));
    }
  }

  private static TailScan ended(SegmentView view, long size, TailScan scan) throws IOException {
    boolean sealed =
        view.footerAt(scan.end, size).filter(footer -> footer.end() == scan.next).isPresent();
    if (sealed) {
      return new TailScan(scan.end, scan.next, scan.index, true, false);
    }
    // Until it is sealed a segment has its whole size, forced before its first use.
    boolean damaged = size != view.header().sizeBytes() || isVouchedFor(view, scan.end, (int) size);
    return new TailScan(scan.end, scan.next, scan.index, false, damaged);
  }

  /** Whether a batch after an offset says that the bytes at the offset had been forced. */
  private static boolean isVouchedFor(SegmentView view, int damage, int limit) throws IOException {
    int offset = damage + 8;
    while (limit - offset >= BatchFormat.HEADER_BYTES) {
      int at = view.bytesAt(offset, BatchFormat.HEADER_BYTES);
      if (at < 0) {
        return false;
      }
      byte[] bytes = view.array();
      int last = at + Math.min(view.available(offset), limit - offset) - BatchFormat.HEADER_BYTES;
      for (int i = at; i <= last; i += 8) {
        if (BatchFormat.intAt(bytes, i) == BatchFormat.MAGIC
            && BatchFormat.isHeader(bytes, i, new Spot(view.header().salt(), offset + i - at))
            && BatchFormat.forced(bytes, i) > damage) {
          return true;
        }
      }
      offset += (last - at) / 8 * 8 + 8;
    }
    return false;
  }
}
