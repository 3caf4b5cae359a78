package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ChildJvm;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.sourcing.AppendResult;
import dev.ashlar.messaging.sourcing.Event;
import dev.ashlar.messaging.sourcing.EventStore;
import dev.ashlar.messaging.sourcing.ExpectedEnd;
import dev.ashlar.messaging.sourcing.StoreOptions;
import dev.ashlar.messaging.sourcing.StreamName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A child process appends from several threads and tells its parent of every answer, and the parent
 * kills it. What the parent has heard of is the ledger: it lives outside of the process that dies.
 *
 * <p>Without a setting it kills for a bounded time; {@code -Dashlar.kills=1000} kills as often.
 */
@Tag("engine")
class StoreKillTest {

  private static final int THREADS = 4;
  private static final int STREAMS = 20;
  private static final Duration LONGEST = Duration.ofSeconds(20);

  @TempDir Path folder;

  private static EventStore open(Path folder) {
    return DiskEventStore.open(
        "store",
        StoreOptions.capacity(10_000_000),
        DiskOptions.folder(folder).withSegmentBytes(8 << 20),
        TimeSource.system(),
        Observer.none());
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(20), TimeSource.system());
  }

  /** The same events again for the same round, thread and count, as a caller that retries has. */
  private static List<Event> events(String append, int size) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      MessageId id = new MessageId(append + "." + i + "." + size);
      events.add(Event.of(id, "noted", Bytes.utf8(append + "p".repeat(size * 37 % 300))));
    }
    return events;
  }

  /** The child: {@code FOLDER ROUND}. Each line is "append size stream end" of one answered. */
  public static final class Child {

    private Child() {}

    /** Appends until it is killed. */
    public static void main(String[] args) {
      EventStore store = open(Path.of(args[0]));
      for (int t = 0; t < THREADS; t++) {
        String name = args[1] + "-" + t;
        new Thread(() -> produce(store, name)).start();
      }
    }

    private static void produce(EventStore store, String name) {
      try {
        for (int i = 0; ; i++) {
          String append = name + "-" + i;
          int size = 1 + i % 3;
          String stream = "s" + (i * 7 + name.hashCode() % 5 + 5) % STREAMS;
          AppendResult result =
              store.append(new StreamName(stream), ExpectedEnd.any(), events(append, size), soon());
          if (result instanceof AppendResult.Appended done) {
            System.out.println(append + " " + size + " " + stream + " " + done.end());
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void whatWasAnsweredOutlivesEveryKillAndNothingIsHalfThere() throws Exception {
    long seed = Seeds.next();
    RandomGenerator random = Seeds.random(seed);
    int asked = Integer.getInteger("ashlar.kills", 0);
    Deadline end = Deadline.after(LONGEST, TimeSource.system());
    Map<String, List<String>> ledger = new HashMap<>();
    int rounds = 0;
    while (asked > 0 ? rounds < asked : !end.hasExpired()) {
      int lines = 20 + random.nextInt(800);
      List<String> told = killedAfter(lines, folder.toString(), "r" + rounds);
      told.forEach(
          line -> ledger.computeIfAbsent(line.split(" ", -1)[2], k -> new ArrayList<>()).add(line));
      try (EventStore store = open(folder)) {
        retryOne(store, told.get(random.nextInt(told.size())));
        for (int s = 0; s < STREAMS; s++) {
          List<String> ids = ids(store, "s" + s);
          assertThat(ids).as("seed %d", seed).doesNotHaveDuplicates();
          checkWhole(ids);
          checkLedger(ids, ledger.getOrDefault("s" + s, List.of()));
        }
      }
      rounds++;
    }
    System.out.println("kill rounds: " + rounds);
    assertThat(rounds).isPositive();
  }

  private static List<String> killedAfter(int lines, String... arguments)
      throws IOException, InterruptedException {
    try (ChildJvm child = ChildJvm.start(Child.class, ChildJvm.small("64m"), arguments)) {
      return child.killAfter(lines, Duration.ofSeconds(60));
    }
  }

  private static List<String> ids(EventStore store, String stream) throws InterruptedException {
    List<String> ids = new ArrayList<>();
    EventStore.Slice slice = store.read(new StreamName(stream), 0, 1000, soon());
    while (!slice.events().isEmpty()) {
      slice.events().forEach(each -> ids.add(each.event().id().value()));
      slice = store.read(new StreamName(stream), ids.size(), 1000, soon());
    }
    return ids;
  }

  /** The events of each append stand side by side, the first to the last. */
  private static void checkWhole(List<String> ids) {
    int at = 0;
    while (at < ids.size()) {
      String[] parts = ids.get(at).split("\\.", -1);
      int size = Integer.parseInt(parts[2]);
      for (int i = 0; i < size; i++) {
        assertThat(ids.size()).isGreaterThan(at + i);
        assertThat(ids.get(at + i)).isEqualTo(parts[0] + "." + i + "." + size);
      }
      at += size;
    }
  }

  private static void checkLedger(List<String> ids, List<String> answered) {
    for (String line : answered) {
      String[] parts = line.split(" ", -1);
      int size = Integer.parseInt(parts[1]);
      int last = Integer.parseInt(parts[3]);
      assertThat(ids.size()).as(line).isGreaterThanOrEqualTo(last);
      for (int i = 0; i < size; i++) {
        assertThat(ids.get(last - size + i)).isEqualTo(parts[0] + "." + i + "." + size);
      }
    }
  }

  /** A retry in another process is told what the first attempt was. */
  private static void retryOne(EventStore store, String line) throws InterruptedException {
    String[] parts = line.split(" ", -1);
    List<Event> events = events(parts[0], Integer.parseInt(parts[1]));
    assertThat(store.append(new StreamName(parts[2]), ExpectedEnd.any(), events, soon()))
        .isEqualTo(new AppendResult.Appended(Long.parseLong(parts[3])));
  }
}
