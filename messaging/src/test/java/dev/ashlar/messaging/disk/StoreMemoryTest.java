package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ChildJvm;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * More streams and events than fit into the heap of the process that has them: 60,000 streams of
 * one event and one of 60,000 events, in 24 MiB. Their names and ids alone would take more than
 * half.
 */
@Tag("engine")
class StoreMemoryTest {

  private static final int STREAMS = 60_000;
  private static final int LONG = 60_000;

  @TempDir Path folder;

  /** The child: {@code FOLDER}. Writes, opens again, and looks here and there. */
  public static final class Child {

    private Child() {}

    /** Runs. */
    public static void main(String[] args) throws Exception {
      Path folder = Path.of(args[0]);
      try (EventStore store = open(folder)) {
        for (int i = 0; i < STREAMS; i++) {
          append(store, "stream-with-a-long-name-" + i, i, 1);
        }
        for (int i = 0; i < LONG; i += 100) {
          append(store, "long", i, 100);
        }
        System.out.println("written");
      }
      try (EventStore store = open(folder)) {
        check(store);
        System.out.println("checked");
      }
    }

    private static void check(EventStore store) throws InterruptedException {
      for (int i = 0; i < STREAMS; i += 997) {
        StreamName stream = new StreamName("stream-with-a-long-name-" + i);
        EventStore.Slice slice = store.read(stream, 0, 10, soon());
        require(slice.end() == 1 && slice.events().get(0).event().equals(event(i)), "stream " + i);
        // A retry, long after.
        require(append(store, stream.value(), i, 1) == 1, "retry " + i);
      }
      long at = 0;
      while (at < LONG) {
        EventStore.Slice slice = store.read(new StreamName("long"), at, 1000, soon());
        for (EventStore.Recorded each : slice.events()) {
          require(each.event().equals(event((int) at)), "event " + at);
          at++;
        }
      }
      require(append(store, "long", 100, 100) == 200, "retry in the long one");
    }

    private static void require(boolean holds, String what) {
      if (!holds) {
        throw new IllegalStateException(what);
      }
    }
  }

  private static EventStore open(Path folder) {
    return DiskEventStore.open(
        "store",
        StoreOptions.capacity(10_000_000),
        DiskOptions.folder(folder).withDurability(Durability.OS),
        TimeSource.system(),
        Observer.none());
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(20), TimeSource.system());
  }

  private static Event event(int i) {
    return Event.of(new MessageId("event-with-a-long-id-" + i), "noted", Bytes.utf8("" + i));
  }

  private static long append(EventStore store, String stream, int first, int count)
      throws InterruptedException {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(event(first + i));
    }
    AppendResult result = store.append(new StreamName(stream), ExpectedEnd.any(), events, soon());
    if (result instanceof AppendResult.Appended done) {
      return done.end();
    }
    throw new IllegalStateException(result.toString());
  }

  @Test
  void memoryGrowsNeitherWithStreamsNorWithEvents() throws Exception {
    try (ChildJvm child = ChildJvm.start(Child.class, ChildJvm.small("24m"), folder.toString())) {
      assertThat(child.linesToEnd(Duration.ofMinutes(5))).containsExactly("written", "checked");
    }
  }
}
