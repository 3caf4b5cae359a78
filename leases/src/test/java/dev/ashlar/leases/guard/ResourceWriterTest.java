package dev.ashlar.leases.guard;

import static dev.ashlar.leases.guard.Fences.fence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.CountingObserver;
import dev.ashlar.leases.guard.MemoryFloor.Transaction;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The way round the guard works, and can be seen. */
class ResourceWriterTest {

  private static int renamed;

  // [doc:ResourceWriter]
  static int rename(ResourceWriter<Transaction> accounts, Transaction tx) {
    return accounts.write(tx, () -> renamed(tx)).orThrow();
  }

  // [/doc]

  private static int renamed(Transaction tx) {
    assertThat(tx).isNotNull();
    return ++renamed;
  }

  @Test
  void anUnfencedWriterAsksNobody() throws Exception {
    TimeSource time = TimeSource.system();
    MemoryFloor floor = MemoryFloor.of(time);
    floor.raise("accounts", fence(7), Deadline.after(Duration.ofSeconds(1), time));
    CountingObserver observer = new CountingObserver();
    ResourceWriter<Transaction> migration =
        ResourceWriter.unfenced("accounts", "rename of 2026-11, jobs are off", observer);

    try (Transaction tx = floor.begin()) {
      assertThat(rename(migration, tx)).isEqualTo(renamed);
      assertThat(rename(migration, tx)).isEqualTo(renamed);
    }

    assertThat(observer.count("guard.unfenced")).isEqualTo(2);
    assertThat(migration.resource()).isEqualTo("accounts");
    assertThat(migration).hasToString("unfenced accounts: rename of 2026-11, jobs are off");
  }

  @Test
  void aReasonIsGiven() {
    for (String none : new String[] {"", "  ", "x".repeat(201), "a\nb"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ResourceWriter.unfenced("accounts", none, Observer.none()))
          .withMessage(
              "reason: "
                  + none.length()
                  + " characters (expected: 1 to 200, printable and not blank)");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ResourceWriter.unfenced("a b", "because", Observer.none()))
        .withMessageStartingWith("resource: 3 characters");
  }
}
