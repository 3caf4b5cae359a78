package dev.ashlar.leases.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Effect;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.PauseAt;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.versioned.Key;
import dev.ashlar.leases.versioned.Outcome;
import dev.ashlar.leases.versioned.Versioned;
import dev.ashlar.leases.versioned.Write;
import java.sql.Connection;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

@Subject("jdbc-postgresql")
@Tag("engine")
@ResourceLock("postgresql")
class JdbcClaimedStorePostgresqlTest extends JdbcClaimedStoreProperties {

  JdbcClaimedStorePostgresqlTest() {
    super(TestDatabase.postgresql());
  }

  @Test
  @Proves("LEASE-105")
  @Proves("LEASE-107")
  void aWriterThatIsPausedForTooLongAfterItsCheckWritesNothing() throws Exception {
    Key key = fresh();
    pauseAtMost(Duration.ofMillis(300));
    try (PauseAt pause = PauseAt.named("guard.checked")) {
      Claim<Connection> old = claimed(successor(), pause);
      Lease next = successor();
      Write<String> write = Write.putIfAbsent(key, "late", "n1");
      Background<Outcome<String>> writing =
          Background.start("write", () -> under(old).apply(write, soon()));
      pause.awaitArrival(patience());
      claimed(next);
      pause.release();
      Eventually.holds("the end of the write", patience(), writing::isDone);

      assertThat(effect(writing.result())).isEqualTo(Effect.NONE);
      assertThat(open().get(key, soon())).isEqualTo(Versioned.never());
      assertThat(under(old).apply(write, soon())).isInstanceOf(Outcome.Stale.class);
    }
  }
}
