package dev.ashlar.core.review.samples;

import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Durability;
import java.nio.file.Path;
import java.time.Duration;

/** Durability that was turned down. */
final class MsgR15 {

  private MsgR15() {}

  @Finds(1)
  static final class Wrong {

    DiskOptions options(Path folder) {
      // [readme:turned-down]
      return DiskOptions.folder(folder).withDurability(Durability.OS); // It was faster.
      // [/readme]
    }
  }

  @Finds(1)
  static final class WrongByInterval {

    DiskOptions options(Path folder) {
      return DiskOptions.folder(folder).withDurability(Durability.every(Duration.ofSeconds(1)));
    }
  }

  @Finds(0)
  static final class Right {

    DiskOptions options(Path folder) {
      // [readme:as-it-is]
      return DiskOptions.folder(folder); // Acknowledged means that the disk has it.
      // [/readme]
    }
  }
}
