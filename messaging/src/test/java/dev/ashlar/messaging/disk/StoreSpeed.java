package dev.ashlar.messaging.disk;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Durability;
import dev.ashlar.messaging.sourcing.AppendResult;
import dev.ashlar.messaging.sourcing.Event;
import dev.ashlar.messaging.sourcing.EventStore;
import dev.ashlar.messaging.sourcing.ExpectedEnd;
import dev.ashlar.messaging.sourcing.StoreOptions;
import dev.ashlar.messaging.sourcing.StreamName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What appends, reads and opening of an event store on disk cost: a program, not a test. Arguments:
 * a folder that is empty, how many streams, how many events.
 */
public final class StoreSpeed {

  private static final Bytes PAYLOAD = Bytes.owning(new byte[100]);
  private static final AtomicLong IDS = new AtomicLong();

  private StoreSpeed() {}

  /** Runs all cases, one after the other. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    int streams = Integer.parseInt(args[1]);
    int events = Integer.parseInt(args[2]);
    try (EventStore store = open(folder, Durability.OS)) {
      time("append to new streams, one each, OS", streams, i -> append(store, "s" + i, 1));
      SplittableRandom random = new SplittableRandom(1);
      time(
          "append to any stream, 100 at once, OS",
          events / 100,
          i -> append(store, "s" + random.nextInt(streams), 100));
      time(
          "append to any stream, OS",
          Math.min(events, 50_000),
          i -> append(store, "s" + random.nextInt(streams), 1));
      time("append to one stream, OS", 100_000, i -> append(store, "one", 1));
      time(
          "read 100 from anywhere in one stream",
          2_000,
          i -> read(store, "one", random.nextInt(99_900), 100));
      time(
          "read 1 from anywhere in one stream",
          5_000,
          i -> read(store, "one", random.nextInt(99_900), 1));
      time(
          "read any stream whole", 5_000, i -> read(store, "s" + random.nextInt(streams), 0, 1000));
    }
    long start = System.nanoTime();
    EventStore again = open(folder, Durability.ON_APPEND);
    read(again, "one", 99_900, 100);
    System.out.printf("reopen and read: %.1f ms%n", (System.nanoTime() - start) / 1e6);
    for (int threads : new int[] {1, 16}) {
      durable(again, threads, streams);
    }
    again.close();
  }

  private static void durable(EventStore store, int threads, int streams) throws Exception {
    List<Thread> all = new ArrayList<>();
    AtomicLong done = new AtomicLong();
    long start = System.nanoTime();
    for (int t = 0; t < threads; t++) {
      SplittableRandom random = new SplittableRandom(t);
      Thread thread =
          new Thread(
              () -> {
                try {
                  while (System.nanoTime() - start < 3_000_000_000L) {
                    append(store, "s" + random.nextInt(streams), 1);
                    done.incrementAndGet();
                  }
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      thread.start();
      all.add(thread);
    }
    for (Thread each : all) {
      each.join();
    }
    System.out.printf("durable append to any stream, %d threads: %d/s%n", threads, done.get() / 3);
  }

  private interface Case {
    void run(int i) throws InterruptedException;
  }

  private static void time(String what, int times, Case body) throws InterruptedException {
    long start = System.nanoTime();
    for (int i = 0; i < times; i++) {
      body.run(i);
    }
    double each = (System.nanoTime() - start) / 1e3 / times;
    System.out.printf("%-40s %10d times %10.1f us each%n", what, times, each);
  }

  private static EventStore open(Path folder, Durability durability) {
    return DiskEventStore.open(
        "speed",
        StoreOptions.capacity(1_000_000_000L),
        DiskOptions.folder(folder).withDurability(durability),
        TimeSource.system(),
        Observer.none());
  }

  private static void append(EventStore store, String stream, int count)
      throws InterruptedException {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(Event.of(new MessageId("event-" + IDS.incrementAndGet()), "noted", PAYLOAD));
    }
    AppendResult result = store.append(new StreamName(stream), ExpectedEnd.any(), events, soon());
    if (!(result instanceof AppendResult.Appended)) {
      throw new IllegalStateException(result.toString());
    }
  }

  private static void read(EventStore store, String stream, long after, int most)
      throws InterruptedException {
    store.read(new StreamName(stream), after, most, soon());
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(30), TimeSource.system());
  }
}
