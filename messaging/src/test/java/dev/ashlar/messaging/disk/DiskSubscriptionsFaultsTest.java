package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.CrashPoints;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.journal.DiskException;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.FaultyDisk;
import dev.ashlar.messaging.topic.Subscription;
import dev.ashlar.messaging.topic.SubscriptionOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That no crash and no failing disk makes the registry forget what it has answered. */
class DiskSubscriptionsFaultsTest {

  private static final SubscriptionOptions DURABLE = SubscriptionOptions.durable();
  private static final Duration TERM = Duration.ofSeconds(30);

  private final ManualTime time = ManualTime.create();

  @TempDir Path folder;

  private Deadline soon() {
    return Deadline.after(Duration.ofMinutes(1), time);
  }

  @Test
  void changesAreWholeOrNotAtAllAtEveryStep() throws Exception {
    List<Path> folders = new ArrayList<>();
    CrashPoints.forEach(
        () -> {
          Path own = folder.resolve("run" + folders.size());
          folders.add(own);
          return new Changing(own);
        });
  }

  /** A process that adds, detaches and removes, and the next one. */
  private final class Changing implements CrashPoints.Run {
    private final Path own;
    private final List<String> answered = new ArrayList<>();

    Changing(Path own) {
      this.own = own;
    }

    private List<String> names(DiskSubscriptions registry) throws InterruptedException {
      return registry.all(soon()).stream().map(each -> each.name() + " " + each.state()).toList();
    }

    @Override
    public void work(Observer observer) throws Exception {
      DiskSubscriptions registry =
          DiskSubscriptions.open(DiskOptions.folder(own), TERM, time, observer);
      try {
        answered.add(names(registry).toString());
        Subscription one = registry.add("one", DURABLE, soon());
        answered.add(names(registry).toString());
        registry.detach(one, soon());
        answered.add(names(registry).toString());
        registry.remove(one, soon());
        answered.add(names(registry).toString());
      } finally {
        closeWhateverHappens(registry);
      }
    }

    @Override
    public void recover() throws Exception {
      List<String> all = List.of("[]", "[one ATTACHED]", "[one DETACHED]", "[]");
      try (DiskSubscriptions registry =
          DiskSubscriptions.open(DiskOptions.folder(own), TERM, time, Observer.none())) {
        assertThat(answered).isEqualTo(all.subList(0, answered.size()));
        String there = names(registry).toString();
        int at = answered.size() - 1;
        assertThat(there).isIn(all.subList(Math.max(0, at), Math.min(all.size(), at + 2)));
      }
    }
  }

  /** Its observer crashes again while it closes; the folder is free afterwards all the same. */
  private static void closeWhateverHappens(DiskSubscriptions registry) {
    try {
      registry.close();
    } catch (Error crashedAgain) {
      assertThat(crashedAgain).hasMessageContaining("crash");
    }
  }

  @Test
  void nothingAnsweredIsLostWhateverTheDiskDoes() throws Exception {
    Seeds.check(
        200,
        (seed, random) -> {
          FaultyDisk disk = new FaultyDisk();
          Map<String, Subscription> model = new LinkedHashMap<>();
          DiskSubscriptions registry = open(disk);
          for (int step = 0; step < 50; step++) {
            String name = "s" + random.nextInt(6);
            switch (random.nextInt(6)) {
              case 0 -> disk.failAfter(random.nextInt(3));
              case 1 -> {
                disk.crash(random);
                disk.heal();
                registry = open(disk);
              }
              default -> change(registry, disk, model, name);
            }
            disk.heal();
            assertThat(registry.all(soon())).containsExactlyInAnyOrderElementsOf(model.values());
          }
          registry.close();
        });
  }

  private DiskSubscriptions open(FaultyDisk disk) {
    return DiskSubscriptions.open(
        DiskOptions.folder(Path.of("simulated")), TERM, time, Observer.none(), disk::open);
  }

  /** Changes one, and makes the change again until it is answered, as a caller must. */
  private void change(
      DiskSubscriptions registry, FaultyDisk disk, Map<String, Subscription> model, String name)
      throws InterruptedException {
    while (true) {
      try {
        Subscription there = model.get(name);
        if (there == null) {
          model.put(name, registry.add(name, DURABLE, soon()));
        } else {
          registry.remove(there, soon());
          model.remove(name);
        }
        return;
      } catch (DiskException e) {
        disk.heal();
      }
    }
  }
}
