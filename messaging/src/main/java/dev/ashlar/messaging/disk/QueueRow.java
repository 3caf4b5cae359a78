package dev.ashlar.messaging.disk;

import org.jspecify.annotations.Nullable;

/**
 * Messages that came in order, in a ring. Each knows its place, as in {@link QueueHeap}; one that
 * is taken out of the middle leaves a gap, and when the ring is full of gaps they close up.
 */
final class QueueRow {

  private static final int LEAST = 64;

  private @Nullable QueueLive[] ring = new QueueLive[LEAST];

  /** Places are counted on and on; where one is in the ring its lower bits say. */
  private int head;

  private int tail;
  private int size;

  int size() {
    return size;
  }

  int slots() {
    return ring.length;
  }

  /** The first, if there is one. */
  @Nullable QueueLive first() {
    return size == 0 ? null : at(head);
  }

  private @Nullable QueueLive at(int place) {
    return ring[place & (ring.length - 1)];
  }

  void addLast(QueueLive live) {
    if (tail - head == ring.length) {
      makeRoom();
    }
    put(live, tail++);
    size++;
  }

  private void put(QueueLive live, int place) {
    ring[place & (ring.length - 1)] = live;
    live.place = place;
  }

  /** Takes one out; returns whether it was here. */
  boolean remove(QueueLive live) {
    if (at(live.place) != live) {
      return false;
    }
    ring[live.place & (ring.length - 1)] = null;
    size--;
    while (head != tail && at(head) == null) {
      head++;
    }
    return true;
  }

  /** Doubles the ring if more than half of it are messages; otherwise closes the gaps. */
  private void makeRoom() {
    if (size > ring.length / 2) {
      @Nullable QueueLive[] before = ring;
      ring = new QueueLive[2 * before.length];
      for (@Nullable QueueLive live : before) {
        if (live != null) {
          put(live, live.place);
        }
      }
      return;
    }
    int next = head;
    for (int place = head; place != tail; place++) {
      QueueLive live = at(place);
      if (live != null) {
        ring[place & (ring.length - 1)] = null;
        put(live, next++);
      }
    }
    tail = next;
  }
}
