package dev.ashlar.messaging.disk;

import dev.ashlar.messaging.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every message in hand, and as many with their content as fit. Guarded by the queue's lock. */
final class QueueHeld {

  private final int cacheBytesMax;
  private @Nullable QueueLive first;
  private int count;
  private long cachedBytes;

  QueueHeld(int cacheBytesMax) {
    this.cacheBytesMax = cacheBytesMax;
  }

  int count() {
    return count;
  }

  /** Returns all of them. */
  List<QueueLive> snapshot() {
    List<QueueLive> lives = new ArrayList<>(count);
    for (QueueLive live = first; live != null; live = live.next) {
      lives.add(live);
    }
    return lives;
  }

  void add(QueueLive live) {
    QueueLive next = first;
    live.next = next;
    if (next != null) {
      next.previous = live;
    }
    first = live;
    count++;
  }

  void remove(QueueLive live) {
    uncache(live);
    QueueLive before = live.previous;
    QueueLive after = live.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after != null) {
      after.previous = before;
    }
    live.previous = null;
    live.next = null;
    count--;
  }

  /** Keeps the content of a message, if there is room. */
  void cache(QueueLive live, @Nullable Message message) {
    if (live.message == null && message != null && cachedBytes < cacheBytesMax) {
      live.message = message;
      cachedBytes += cost(message);
    }
  }

  /** Gives the content away, if it is there. */
  @Nullable Message uncache(QueueLive live) {
    Message message = live.message;
    if (message != null) {
      live.message = null;
      cachedBytes -= cost(message);
    }
    return message;
  }

  /** Roughly what a message takes in memory: objects and texts, and headers if it has any. */
  private static long cost(Message message) {
    int headers = message.headers().size() == 0 ? 0 : MessageFormat.headerBytes(message.headers());
    return 300L + message.payload().size() + 2L * headers;
  }
}
