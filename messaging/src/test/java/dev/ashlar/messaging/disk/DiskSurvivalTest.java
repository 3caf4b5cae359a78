package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Guarantees.Survival;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Durability;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.sourcing.StoreOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the engines on disk say of themselves what their durability makes of them. */
class DiskSurvivalTest {

  @TempDir Path folder;

  private DiskOptions disk(String name, Durability durability) {
    return DiskOptions.folder(folder.resolve(name)).withDurability(durability);
  }

  private Survival queue(Durability durability) {
    DiskOptions disk = disk("queue", durability);
    try (DiskQueue queue =
        DiskQueue.open("q", QueueOptions.capacity(1), disk, TimeSource.system(), Observer.none())) {
      return queue.guarantees().confirmed();
    }
  }

  private Survival log(Durability durability) throws InterruptedException {
    DiskOptions disk = disk("log", durability);
    LogOptions options = LogOptions.partitions(1);
    try (DiskEventLog log =
        DiskEventLog.open("l", disk, options, TimeSource.system(), Observer.none())) {
      return log.guarantees().confirmed();
    }
  }

  private Survival store(Durability durability) {
    DiskOptions disk = disk("store", durability);
    try (DiskEventStore store =
        DiskEventStore.open(
            "s", StoreOptions.capacity(1), disk, TimeSource.system(), Observer.none())) {
      return store.guarantees().confirmed();
    }
  }

  private void assertSurvival(Durability durability, Survival expected) throws Exception {
    assertThat(queue(durability)).isEqualTo(expected);
    assertThat(log(durability)).isEqualTo(expected);
    assertThat(store(durability)).isEqualTo(expected);
  }

  @Test
  void whatTheDiskWasAskedForSurvivesTheMachine() throws Exception {
    assertSurvival(Durability.ON_APPEND, Survival.MACHINE_DEATH);
  }

  @Test
  void whatTheSystemWritesWhenItLikesSurvivesTheProcess() throws Exception {
    assertSurvival(Durability.OS, Survival.PROCESS_DEATH);
    assertSurvival(Durability.every(Duration.ofSeconds(1)), Survival.PROCESS_DEATH);
  }
}
