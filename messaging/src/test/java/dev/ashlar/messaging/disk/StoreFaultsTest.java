package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.FaultyDisk;
import dev.ashlar.messaging.sourcing.Append;
import dev.ashlar.messaging.sourcing.AppendResult;
import dev.ashlar.messaging.sourcing.Event;
import dev.ashlar.messaging.sourcing.EventStore;
import dev.ashlar.messaging.sourcing.ExpectedEnd;
import dev.ashlar.messaging.sourcing.StoreOptions;
import dev.ashlar.messaging.sourcing.StreamName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Crashes of the machine and errors of the disk, in any order, against a model. */
class StoreFaultsTest {

  private static final int ROUNDS = 400;
  private static final int SEGMENT_BYTES = 64 << 10;
  private static final StoreOptions OPTIONS =
      StoreOptions.capacity(100_000).withAppendMaxBytes(11_000);

  private static DiskEventStore open(FaultyDisk disk) {
    DiskOptions options = DiskOptions.folder(Path.of("simulated")).withSegmentBytes(SEGMENT_BYTES);
    return DiskEventStore.open(
        "store",
        OPTIONS,
        options,
        new DiskEventStore.Surroundings(
            TimeSource.system(), Observer.none(), StoreKey::of, disk::open));
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(20), TimeSource.system());
  }

  private static List<Event> all(EventStore store, StreamName stream) throws InterruptedException {
    List<Event> all = new ArrayList<>();
    EventStore.Slice slice = store.read(stream, 0, 7, soon());
    while (!slice.events().isEmpty()) {
      for (EventStore.Recorded each : slice.events()) {
        assertThat(each.position()).isEqualTo(all.size() + 1);
        all.add(each.event());
      }
      slice = store.read(stream, all.size(), 7, soon());
    }
    assertThat(slice.end()).isEqualTo(all.size());
    return all;
  }

  /** What one process does, and what must be true of it. */
  private static final class Life {
    private final RandomGenerator random;
    private final FaultyDisk disk = new FaultyDisk();
    private final Map<StreamName, List<Event>> model = new HashMap<>();
    private final List<Append> stored = new ArrayList<>();
    private DiskEventStore store = open(disk);
    private int made;

    Life(RandomGenerator random) {
      this.random = random;
    }

    void step() throws InterruptedException {
      switch (random.nextInt(10)) {
        case 0 -> disk.failAfter(random.nextInt(4));
        case 1 -> {
          disk.heal();
          disk.writeShort(random.nextBoolean());
        }
        case 2 -> {
          crash();
          check();
        }
        case 3 -> retry();
        default -> append();
      }
    }

    private void crash() {
      disk.crash(random);
      disk.heal();
      store = open(disk);
    }

    private List<Event> in(StreamName stream) {
      return model.computeIfAbsent(stream, key -> new ArrayList<>());
    }

    private void append() throws InterruptedException {
      StreamName stream = new StreamName("s" + random.nextInt(5));
      long end = in(stream).size();
      List<Event> events = new ArrayList<>();
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        Bytes payload = Bytes.utf8("z".repeat(random.nextInt(3000)));
        events.add(Event.of(new MessageId("e" + made++), "noted", payload));
      }
      if (random.nextInt(5) == 0) {
        AppendResult result =
            store.append(new Append(stream, ExpectedEnd.exactly(end + 1), events), soon());
        assertThat(result).isInstanceOfAny(AppendResult.Conflict.class, AppendResult.Refused.class);
        return;
      }
      Append append =
          new Append(
              stream, random.nextBoolean() ? ExpectedEnd.any() : ExpectedEnd.exactly(end), events);
      if (isStored(append)) {
        assertThat(store.append(append, soon()))
            .isEqualTo(new AppendResult.Appended(in(stream).size()));
      }
    }

    /** Tries until it is known, as a caller must, and says whether it is stored. */
    private boolean isStored(Append append) throws InterruptedException {
      AppendResult result = store.append(append, soon());
      boolean open = result instanceof AppendResult.Unknown;
      while (result instanceof AppendResult.Unknown
          || (open && result instanceof AppendResult.Refused)) {
        if (random.nextBoolean()) {
          crash();
        } else {
          disk.heal();
        }
        result = store.append(append, soon());
      }
      if (result instanceof AppendResult.Appended done) {
        in(append.stream()).addAll(append.events());
        stored.add(append);
        assertThat(done.end()).isEqualTo(in(append.stream()).size());
        disk.heal();
        return true;
      }
      assertThat(result).isInstanceOf(AppendResult.Refused.class);
      return false;
    }

    private void retry() throws InterruptedException {
      if (!stored.isEmpty()) {
        disk.heal();
        Append append = stored.get(random.nextInt(stored.size()));
        Event last = append.events().get(append.events().size() - 1);
        assertThat(store.append(append, soon()))
            .isEqualTo(new AppendResult.Appended(in(append.stream()).indexOf(last) + 1));
      }
    }

    void check() throws InterruptedException {
      for (Map.Entry<StreamName, List<Event>> each : model.entrySet()) {
        assertThat(all(store, each.getKey())).isEqualTo(each.getValue());
      }
    }

    void end() throws InterruptedException {
      disk.heal();
      check();
      store.close();
      store = open(disk);
      check();
      store.close();
    }
  }

  @Test
  void nothingIsLostDoubledOrHalfStoredWhateverTheDiskDoes() throws Exception {
    Seeds.check(
        ROUNDS,
        (seed, random) -> {
          Life life = new Life(random);
          for (int step = 0; step < 60; step++) {
            life.step();
          }
          life.end();
        });
  }

  @Test
  void aFullDiskRefusesAndTheStoreGoesOnOnceThereIsRoom() throws Exception {
    FaultyDisk disk = new FaultyDisk();
    DiskEventStore store = open(disk);
    StreamName stream = new StreamName("s");
    disk.fill();
    List<Event> stored = new ArrayList<>();
    AppendResult result = new AppendResult.Appended(1);
    while (result instanceof AppendResult.Appended) {
      Event event =
          Event.of(new MessageId("e" + stored.size()), "noted", Bytes.owning(new byte[5000]));
      result = store.append(stream, ExpectedEnd.any(), List.of(event), soon());
      if (result instanceof AppendResult.Appended) {
        stored.add(event);
      }
    }
    assertThat(result)
        .isInstanceOfSatisfying(
            AppendResult.Refused.class, refused -> assertThat(refused.why()).startsWith("FULL: "));
    assertThat(all(store, stream)).isEqualTo(stored);

    disk.heal();

    Event event = Event.of(new MessageId("at-last"), "noted", Bytes.empty());
    assertThat(store.append(stream, ExpectedEnd.any(), List.of(event), soon()))
        .isEqualTo(new AppendResult.Appended(stored.size() + 1));
    store.close();
  }

  /** Writers of one stream and of their own, while the disk fails now and then. */
  @Test
  void writersAtTheSameTimeLoseNothingWhileTheDiskFailsNowAndThen() throws Exception {
    long seed = Seeds.next();
    RandomGenerator random = Seeds.random(seed);
    FaultyDisk disk = new FaultyDisk();
    DiskEventStore store = open(disk);
    List<Background<List<Event>>> writers = new ArrayList<>();
    for (int w = 0; w < 6; w++) {
      int number = w;
      writers.add(Background.start("writer", () -> write(store, number)));
    }
    while (!writers.stream().allMatch(Background::isDone)) {
      disk.failAfter(random.nextInt(6));
      TimeSource.system().sleep(Duration.ofMillis(1));
      disk.heal();
      TimeSource.system().sleep(Duration.ofMillis(1));
    }
    List<Event> shared = new ArrayList<>();
    for (int w = 0; w < 6; w++) {
      List<Event> own = writers.get(w).result();
      assertThat(all(store, new StreamName("own-" + w))).as("seed %d", seed).isEqualTo(own);
      shared.addAll(own);
    }
    assertThat(all(store, new StreamName("shared")))
        .as("seed %d", seed)
        .containsExactlyInAnyOrderElementsOf(shared);
    store.close();
    DiskEventStore again = open(disk);
    assertThat(all(again, new StreamName("shared"))).hasSize(shared.size());
    again.close();
  }

  private static List<Event> write(EventStore store, int number) throws Exception {
    List<Event> written = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Event event =
          Event.of(new MessageId("w" + number + "-" + i), "noted", Bytes.utf8("z".repeat(i * 10)));
      for (String stream : List.of("own-" + number, "shared")) {
        ExpectedEnd expected =
            stream.equals("shared") ? ExpectedEnd.any() : ExpectedEnd.exactly(written.size());
        Append append = new Append(new StreamName(stream), expected, List.of(event));
        Eventually.passes(
            Duration.ofSeconds(30),
            () ->
                assertThat(store.append(append, soon())).isInstanceOf(AppendResult.Appended.class));
      }
      written.add(event);
    }
    return written;
  }
}
