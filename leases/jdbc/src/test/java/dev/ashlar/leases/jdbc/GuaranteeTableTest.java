package dev.ashlar.leases.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Guarantees;
import dev.ashlar.leases.MemoryLeaseStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The rows of what each store promises are made from what the stores of this class path declare.
 */
@ResourceLock("h2")
class GuaranteeTableTest {

  @Test
  void theReadmeShowsWhatTheStoresDeclare() throws Exception {
    String readme = Files.readString(Path.of("../README.md"));

    assertThat(readme)
        .contains(row("`MemoryLeaseStore`", MemoryLeaseStore.of(TimeSource.system()).guarantees()))
        .contains(
            row(
                "`JdbcLeaseStore`",
                JdbcLeaseStore.of(TestDatabase.h2().source(), Observer.none()).guarantees()));
  }

  private static String row(String store, Guarantees guarantees) {
    return "| "
        + store
        + " | "
        + words(guarantees.tokens())
        + " | "
        + words(guarantees.clock())
        + " | "
        + words(guarantees.fairness())
        + " | "
        + words(guarantees.terms())
        + " |";
  }

  private static String words(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
