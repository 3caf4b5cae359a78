package dev.ashlar.messaging.disk;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/*
 * Looking for a key begins at the latest record and doubles its distance from it with each step or
 * so: all but the last few steps are among the latest records. So those are kept, by the last bits of
 * their numbers, and beside them those that were read from the disk, which must not drive them out.
 */
/**
 * The records that were written or read of late, as far as they lead to others; acknowledged ones
 * only, which never change.
 *
 * <p><b>Threads.</b> Safe, without a lock.
 *
 * <p><b>Limits.</b> {@value #EACH_MAX} of either sort, of about half a kilobyte: 8 MiB.
 */
final class StoreNodes {

  static final int EACH_MAX = 8192;

  private final AtomicReferenceArray<@Nullable StoreNode> latest =
      new AtomicReferenceArray<>(EACH_MAX);
  private final AtomicReferenceArray<@Nullable StoreNode> read =
      new AtomicReferenceArray<>(EACH_MAX);

  @Nullable StoreNode at(long number) {
    StoreNode node = latest.getAcquire((int) (number & (EACH_MAX - 1)));
    if (node != null && node.number() == number) {
      return node;
    }
    node = read.getAcquire(mixed(number));
    return node != null && node.number() == number ? node : null;
  }

  void addWritten(StoreNode node) {
    latest.setRelease((int) (node.number() & (EACH_MAX - 1)), node);
  }

  void addRead(StoreNode node) {
    read.setRelease(mixed(node.number()), node);
  }

  private static int mixed(long number) {
    return (int) ((number * 0x9e3779b97f4a7c15L) >>> 40) & (EACH_MAX - 1);
  }
}
