package dev.ashlar.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.disk.DiskEventLog;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.log.LogGuarantees;
import dev.ashlar.messaging.log.LogGuarantees.Promise;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.MemoryEventLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of what each log promises is made from what each log declares. */
class LogGuaranteeTableTest {

  private static final Map<Promise, String> WORDS =
      Map.of(
          Promise.TX_HORIZON,
          "an unfinished transaction holds back what stands behind it, and the lag shows it",
          Promise.SNAPSHOT,
          "the log says where its partitions end now",
          Promise.TRANSACTIONS,
          "several appends become visible together or not at all",
          Promise.RESHARDING,
          "partitions can be split and merged, and groups read parents first");

  @Test
  void theReadmeShowsWhatTheLogsDeclare(@TempDir Path folder) throws Exception {
    LogOptions options = LogOptions.partitions(1);
    LogGuarantees memory =
        MemoryEventLog.of("log", options, TimeSource.system(), Observer.none()).guarantees();
    LogGuarantees disk;
    try (DiskEventLog log =
        DiskEventLog.open(
            "log",
            DiskOptions.folder(folder.resolve("log")),
            options,
            TimeSource.system(),
            Observer.none())) {
      disk = log.guarantees();
    }

    String readme = Files.readString(Path.of("../messaging/README.md"));

    assertThat(readme)
        .contains("<!-- log-guarantees -->\n" + table(memory, disk) + "<!-- /log-guarantees -->");
  }

  private static String table(LogGuarantees memory, LogGuarantees disk) {
    List<String> rows = new ArrayList<>();
    rows.add("| | `MemoryEventLog` | `DiskEventLog` |");
    rows.add("|---|---|---|");
    for (Promise promise : Promise.values()) {
      rows.add(
          row(
              "`" + promise.label() + "`: " + WORDS.get(promise),
              memory.has(promise) ? "yes" : "no",
              disk.has(promise) ? "yes" : "no"));
    }
    rows.add(row("what is accepted survives", words(memory.confirmed()), words(disk.confirmed())));
    return String.join("\n", rows) + "\n";
  }

  private static String row(String what, String memory, String disk) {
    return "| " + what + " | " + memory + " | " + disk + " |";
  }

  private static String words(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
