package dev.ashlar.leases.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Codec;
import dev.ashlar.core.Effect;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Floor;
import dev.ashlar.leases.jdbc.VersionedWire.Breaks;
import dev.ashlar.leases.testkit.ClaimedStoreContract;
import dev.ashlar.leases.versioned.ConditionalStore;
import dev.ashlar.leases.versioned.Key;
import dev.ashlar.leases.versioned.Outcome;
import dev.ashlar.leases.versioned.Versioned;
import dev.ashlar.leases.versioned.Write;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The contract of writes under a claim, on a database, and what its transaction adds to it. */
abstract class JdbcClaimedStoreProperties extends ClaimedStoreContract<Connection> {

  private final TestDatabase database;
  // Of its own, because what tests before have left behind may still have a connection.
  private final LendingSource source;
  private Duration pauseMax = Duration.ofSeconds(10);

  JdbcClaimedStoreProperties(TestDatabase database) {
    this.database = database;
    this.source = new LendingSource(database.source());
    JdbcVersionedSchema.create(database.source());
  }

  @AfterEach
  void everyConnectionWasGivenBack() throws SQLException {
    assertThat(source.lent()).isZero();
    source.close();
  }

  final void pauseAtMost(Duration longest) {
    pauseMax = longest;
  }

  @Override
  protected ConditionalStore<String> open() {
    return open(source);
  }

  private static JdbcConditionalStore<String> open(DataSource source) {
    return JdbcConditionalStore.of(source, "values", Codec.utf8());
  }

  @Override
  protected Floor<Connection> floor() {
    return JdbcFloor.of(source).withPauseMax(pauseMax);
  }

  @Override
  protected ConditionalStore<String> under(Claim<Connection> claim) {
    return open(source).under(claim);
  }

  private ConditionalStore<String> under(Claim<Connection> claim, Breaks breaks) {
    return open(new VersionedWire(breaks).over(source)).under(claim);
  }

  static Key fresh() {
    return new Key("k-" + UUID.randomUUID());
  }

  static Effect effect(Outcome<String> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Unknown.class);
    return ((Outcome.Unknown<String>) outcome).failure().effect();
  }

  @Test
  @Proves("LEASE-107")
  void aCommitWithoutAnAnswerIsFoundAfterASuccessorsClaim() throws Exception {
    for (Breaks breaks : new Breaks[] {Breaks.AFTER_THE_COMMIT, Breaks.BEFORE_THE_COMMIT}) {
      Key key = fresh();
      Claim<Connection> old = claimed(successor());
      Write<String> write = Write.putIfVersion(key, "mine", 0, "n1");

      assertThat(effect(under(old, breaks).apply(write, soon()))).isEqualTo(Effect.UNKNOWN);

      claimed(successor());
      assertThat(under(old).apply(write, soon()))
          .as("%s", breaks)
          .isInstanceOf(
              breaks == Breaks.AFTER_THE_COMMIT ? Outcome.Applied.class : Outcome.Stale.class);
    }
  }

  @Test
  void beforeItsCommitAWriteHasNoEffect() throws Exception {
    Key key = fresh();
    Claim<Connection> claim = claimed(successor());
    Write<String> write = Write.putIfVersion(key, "mine", 0, "n1");

    Outcome<String> lost = under(claim, Breaks.AFTER_A_WRITE).apply(write, soon());

    assertThat(effect(lost)).isEqualTo(Effect.NONE);
    assertThat(open().get(key, soon())).isEqualTo(Versioned.never());
    assertThat(under(claim).apply(write, soon())).isEqualTo(new Outcome.Applied<String>(1));
  }

  @Test
  void aWriteNeedsNoMoreRoundTripsThanStated() throws Exception {
    Key key = fresh();
    Claim<Connection> claim = claimed(successor());
    Taps.Counting counting = new Taps.Counting();
    ConditionalStore<String> store = open(counting.over(source)).under(claim);
    // H2 is told how long to wait for locks, and told otherwise again.
    int around = database.dialect() == Dialect.H2 ? 2 : 0;
    counting.counted();

    store.apply(Write.putIfVersion(key, "a", 0, "n1"), soon());
    // To and from a transaction, which costs nothing on PostgreSQL; check, write and commit.
    assertThat(counting.counted()).as("applied").isEqualTo(around + 2 + 3);
    store.apply(Write.putIfVersion(key, "b", 0, "n2"), soon());
    assertThat(counting.counted()).as("refused").isEqualTo(around + 2 + 4);
  }

  @Test
  void aConnectionIsGivenBackAsItWas() throws Exception {
    Key key = fresh();
    Claim<Connection> claim = claimed(successor());
    try (Connection same = source.getConnection()) {
      for (boolean commitsEach : new boolean[] {true, false}) {
        ConditionalStore<String> store =
            open(VersionedWire.lending(same, commitsEach)).under(claim);
        long version = store.get(key, soon()).version();
        store.apply(Write.putIfVersion(key, "a", version, "n-" + commitsEach), soon());
        assertThat(same.getAutoCommit()).as("applied").isEqualTo(commitsEach);
        store.apply(Write.putIfVersion(key, "b", version, "m-" + commitsEach), soon());
        assertThat(same.getAutoCommit()).as("refused").isEqualTo(commitsEach);
        assertThat(open().get(key, soon()).version()).isEqualTo(version + 1);
      }
    }
  }
}
