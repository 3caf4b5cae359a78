package dev.ashlar.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.DeadKey;
import dev.ashlar.messaging.Guarantees;
import dev.ashlar.messaging.Guarantees.Promise;
import dev.ashlar.messaging.MemoryQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.disk.DiskQueue;
import dev.ashlar.messaging.jdbc.JdbcQueue;
import dev.ashlar.messaging.jdbc.JdbcSchema;
import dev.ashlar.messaging.journal.DiskOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of what each engine promises is made from what each engine declares. */
class GuaranteeTableTest {

  private static final QueueOptions OPTIONS = QueueOptions.capacity(1).withDeadKey(DeadKey.park(1));

  private static final Map<Promise, String> WORDS =
      Map.of(
          Promise.FIFO, "one producer, one consumer, no failure: the order sent",
          Promise.KEY_ORDER, "per key: the order sent, one in flight at a time",
          Promise.KEY_ORDER_UNDER_RETRY,
              "per key: nothing overtakes a message that waits for its retry",
          Promise.KEY_PARKING,
              "per key, if the queue is told to park: nothing overtakes a dead letter",
          Promise.LEASE, "delivered again when its visibility ends",
          Promise.CONNECTION_LOSS, "delivered again when its consumer's connection is lost",
          Promise.DELAY, "a message can be sent to become visible later");

  @Test
  void theReadmeShowsWhatTheEnginesDeclare(@TempDir Path folder) throws Exception {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:" + folder.resolve("queue") + ";WRITE_DELAY=0");
    JdbcSchema.create(database);
    Guarantees memory =
        MemoryQueue.of("q", OPTIONS, TimeSource.system(), Observer.none()).guarantees();
    Guarantees jdbc =
        JdbcQueue.of(database, "q", OPTIONS, TimeSource.system(), Observer.none()).guarantees();

    String readme = Files.readString(Path.of("../messaging/README.md"));

    assertThat(readme)
        .contains(
            "<!-- guarantees -->\n"
                + table(List.of(memory, disk(folder.resolve("disk")), jdbc))
                + "<!-- /guarantees -->");
  }

  private static Guarantees disk(Path folder) {
    try (DiskQueue queue =
        DiskQueue.open(
            "q", OPTIONS, DiskOptions.folder(folder), TimeSource.system(), Observer.none())) {
      return queue.guarantees();
    }
  }

  private static String table(List<Guarantees> engines) {
    List<String> rows = new ArrayList<>();
    rows.add("| | `MemoryQueue` | `DiskQueue` | `JdbcQueue` |");
    rows.add("|---|---|---|---|");
    for (Promise promise : Promise.values()) {
      rows.add(
          row(
              "`" + promise.label() + "`: " + WORDS.get(promise),
              engines,
              each -> each.has(promise) ? "yes" : "no"));
    }
    rows.add(row("what is accepted survives", engines, each -> words(each.confirmed())));
    rows.add(row("time ends by", engines, each -> words(each.clock())));
    rows.add(
        row(
            "a second sending of one id is dropped for",
            engines,
            each -> each.dedupeWindow().isZero() ? "not at all" : each.dedupeWindow().toString()));
    return String.join("\n", rows) + "\n";
  }

  private static String row(
      String what, List<Guarantees> engines, Function<Guarantees, String> cell) {
    return Stream.concat(Stream.of(what), engines.stream().map(cell))
        .collect(Collectors.joining(" | ", "| ", " |"));
  }

  private static String words(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
