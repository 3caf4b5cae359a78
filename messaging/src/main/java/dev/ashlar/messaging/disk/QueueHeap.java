package dev.ashlar.messaging.disk;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Messages with the least first. Each knows its place, so that taking one out of the middle, which
 * every settlement does, costs no search; a message stands in one heap at most.
 */
final class QueueHeap {

  private final QueueOrder.By by;
  private @Nullable QueueLive[] items = new QueueLive[64];
  private int size;

  QueueHeap(QueueOrder.By by) {
    this.by = by;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /** The least; there must be one. */
  QueueLive first() {
    return at(0);
  }

  private QueueLive at(int index) {
    QueueLive live = items[index];
    if (live == null) {
      throw new IllegalStateException("heap: empty (expected: a message)");
    }
    return live;
  }

  void add(QueueLive live) {
    if (size == items.length) {
      items = Arrays.copyOf(items, 2 * size);
    }
    place(live, size++);
    up(size - 1);
  }

  void remove(QueueLive live) {
    int index = live.place;
    if (index < 0 || index >= size || items[index] != live) {
      return;
    }
    QueueLive last = at(--size);
    items[size] = null;
    if (index < size) {
      place(last, index);
      up(index);
      down(last.place);
    }
  }

  private void up(int from) {
    int index = from;
    while (index > 0 && isBefore(at(index), at((index - 1) >>> 1))) {
      swap(index, (index - 1) >>> 1);
      index = (index - 1) >>> 1;
    }
  }

  private void down(int from) {
    int index = from;
    while (2 * index + 1 < size) {
      int child = 2 * index + 1;
      if (child + 1 < size && isBefore(at(child + 1), at(child))) {
        child++;
      }
      if (!isBefore(at(child), at(index))) {
        return;
      }
      swap(index, child);
      index = child;
    }
  }

  boolean isBefore(QueueLive left, QueueLive right) {
    long leftKey = QueueOrder.key(by, left);
    long rightKey = QueueOrder.key(by, right);
    return leftKey < rightKey || (leftKey == rightKey && left.seq < right.seq);
  }

  private void swap(int left, int right) {
    QueueLive moved = at(left);
    place(at(right), left);
    place(moved, right);
  }

  private void place(QueueLive live, int index) {
    items[index] = live;
    live.place = index;
  }
}
