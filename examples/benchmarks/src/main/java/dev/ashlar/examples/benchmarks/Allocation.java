package dev.ashlar.examples.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

/** Bytes that threads have taken from the heap, as the JVM counts them. */
public final class Allocation {

  private static final ThreadMXBean THREADS =
      ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

  private static final int ARRAY_HEADER_BYTES = 16;
  private static final int OBJECT_STEP_BYTES = 8;

  private Allocation() {}

  /** Returns the bytes of the calling thread. */
  public static long ofThisThread() {
    return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  /** Returns the bytes of every thread that is alive, by its id. */
  static Map<Long, Long> byThread() {
    long[] ids = THREADS.getAllThreadIds();
    long[] bytes = THREADS.getThreadAllocatedBytes(ids);
    Map<Long, Long> all = new HashMap<>();
    for (int i = 0; i < ids.length; i++) {
      // A thread that has just ended has -1.
      all.put(ids[i], Math.max(0, bytes[i]));
    }
    return all;
  }

  /** Returns what an array of bytes takes, with references of 4 bytes, as below 32 GB of heap. */
  public static int arrayBytes(int length) {
    int bytes = ARRAY_HEADER_BYTES + length;
    return (bytes + OBJECT_STEP_BYTES - 1) / OBJECT_STEP_BYTES * OBJECT_STEP_BYTES;
  }
}
