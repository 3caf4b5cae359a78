package dev.ashlar.messaging.disk;

/*
 * Most of what is put in order comes in order: what is read from the backlog by its number, and what
 * is handed out by the end of its visibility. That stands in a row, to which adding and from which
 * taking costs the same however long it is. A heap has only what comes out of its turn: a retry, a
 * delay, a visibility that ended.
 */
/** Messages with the least first, cheapest for those that come in order. */
final class QueueOrder {

  /** What a message is ordered by, before its number. */
  enum By {
    NUMBER,
    DUE
  }

  private final By by;
  private final QueueRow row = new QueueRow();
  private final QueueHeap heap;

  /** Of the last that came into the row; what is to stand behind must not be less. */
  private long lastKey;

  private long lastSeq;

  QueueOrder(By by) {
    this.by = by;
    this.heap = new QueueHeap(by);
  }

  /** What a message is ordered by before its number; constant where that is all. */
  static long key(By by, QueueLive live) {
    return by == By.DUE ? live.due : 0;
  }

  boolean isEmpty() {
    return size() == 0;
  }

  int size() {
    return row.size() + heap.size();
  }

  /** How many places there are for those that come in order. */
  int slots() {
    return row.slots();
  }

  /** The least; there must be one. */
  QueueLive first() {
    QueueLive inRow = row.first();
    if (inRow == null) {
      return heap.first();
    }
    return heap.isEmpty() || heap.isBefore(inRow, heap.first()) ? inRow : heap.first();
  }

  void add(QueueLive live) {
    long key = key(by, live);
    boolean inOrder = key > lastKey || (key == lastKey && live.seq > lastSeq);
    if (inOrder || row.size() == 0) {
      lastKey = key;
      lastSeq = live.seq;
      row.addLast(live);
    } else {
      heap.add(live);
    }
  }

  /** Takes it out, if it is here. */
  void remove(QueueLive live) {
    if (!row.remove(live)) {
      heap.remove(live);
    }
  }
}
