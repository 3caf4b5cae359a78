package dev.ashlar.messaging.disk;

import dev.ashlar.messaging.Guarantees.Survival;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Durability;

/** What the engines on disk say that their confirmed records survive. */
final class DiskSurvival {

  private DiskSurvival() {}

  static Survival of(DiskOptions disk) {
    return disk.durability() instanceof Durability.OnAppend
        ? Survival.MACHINE_DEATH
        : Survival.PROCESS_DEATH;
  }
}
