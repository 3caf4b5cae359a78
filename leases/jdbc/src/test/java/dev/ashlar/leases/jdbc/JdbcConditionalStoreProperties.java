package dev.ashlar.leases.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Codec;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.FencingToken;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.jdbc.VersionedWire.Breaks;
import dev.ashlar.leases.testkit.ConditionalStoreContract;
import dev.ashlar.leases.versioned.ConditionalStore;
import dev.ashlar.leases.versioned.Key;
import dev.ashlar.leases.versioned.Outcome;
import dev.ashlar.leases.versioned.Versioned;
import dev.ashlar.leases.versioned.Write;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The contract of conditional stores, on a database, and what SQL adds to it. */
abstract class JdbcConditionalStoreProperties extends ConditionalStoreContract {

  private final TestDatabase database;

  JdbcConditionalStoreProperties(TestDatabase database) {
    this.database = database;
    JdbcVersionedSchema.create(database.source());
  }

  @Override
  protected ConditionalStore<String> open() {
    return open(database.source());
  }

  private static ConditionalStore<String> open(DataSource source) {
    return JdbcConditionalStore.of(source, "values", Codec.utf8());
  }

  static Key fresh() {
    return new Key("k-" + UUID.randomUUID());
  }

  static Fence fence() {
    LeaseName job = new LeaseName("job");
    return new Fence(new Contender(job, "host", "n"), new FencingToken(7));
  }

  private static Effect effect(Outcome<String> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Unknown.class);
    return ((Outcome.Unknown<String>) outcome).failure().effect();
  }

  @Test
  @Proves("LEASE-94")
  @Proves("LEASE-95")
  void aConnectionThatBreaksLosesTheAnswerAlone() throws Exception {
    Key key = fresh();
    LendingSource source = new LendingSource(database.source());
    ConditionalStore<String> breaking = open(new VersionedWire(Breaks.AFTER_A_WRITE).over(source));
    assertThat(open().apply(Write.putIfVersion(key, "before", 0, "n0"), soon()))
        .isEqualTo(new Outcome.Applied<String>(1));
    Write<String> write = Write.putIfVersion(key, "mine", 1, "n1");

    assertThat(effect(breaking.apply(write, soon()))).isEqualTo(Effect.UNKNOWN);

    assertThat(open().get(key, soon()).fateOf("n1", 1)).isEqualTo(Versioned.Fate.APPLIED);
    assertThat(open().apply(write, soon())).isEqualTo(new Outcome.Applied<String>(2));
    assertThat(source.lent()).isZero();
    source.close();
  }

  @Test
  void aRefusalHasNoEffectThoughWhatIsThereCannotBeRead() throws Exception {
    Key key = fresh();
    ConditionalStore<String> breaking =
        open(new VersionedWire(Breaks.BEFORE_A_READ).over(database.source()));

    Outcome<String> refused = breaking.apply(Write.putIfVersion(key, "mine", 1, "n1"), soon());

    assertThat(effect(refused)).isEqualTo(Effect.NONE);
    assertThat(open().get(key, soon()).version()).isZero();
  }

  @Test
  void aWriteThatFindsItsRowLockedEndsByItsDeadline() throws Exception {
    Key key = fresh();
    Write<String> write = Write.putIfVersion(key, "b", 1, "n1");
    open().apply(Write.putIfAbsent(key, "a", "n0"), soon());
    try (Connection tx = database.source().getConnection()) {
      tx.setAutoCommit(false);
      try (PreparedStatement lock =
          tx.prepareStatement(
              "SELECT version FROM ashlar_versioned"
                  + " WHERE store = 'values' AND name = ? FOR UPDATE")) {
        lock.setString(1, key.value());
        lock.execute();
      }
      Deadline briefly = Deadline.after(Duration.ofMillis(300), TimeSource.system());

      Outcome<String> late = open().apply(write, briefly);

      // PostgreSQL says that the statement was cancelled, which is not said to be undone.
      Effect told = database.dialect() == Dialect.POSTGRESQL ? Effect.UNKNOWN : Effect.NONE;
      assertThat(effect(late)).isEqualTo(told);
      tx.rollback();
    }
    assertThat(open().get(key, soon()).version()).isEqualTo(1);
    assertThat(open().apply(write, soon())).isEqualTo(new Outcome.Applied<String>(2));
  }

  @Test
  void aWriteNeedsNoMoreStatementsThanStated() throws Exception {
    VersionedWire wire = new VersionedWire(Breaks.NEVER);
    ConditionalStore<String> store = open(wire.over(database.source()));
    // H2 is told how long to wait for locks, and told otherwise again.
    int around = database.dialect() == Dialect.H2 ? 2 : 0;
    int more = database.dialect() == Dialect.POSTGRESQL ? 0 : 1;
    Key key = fresh();
    wire.reset();

    store.apply(Write.putIfVersion(key, "a", 0, "n1"), soon());
    assertThat(wire.reset()).as("first").isEqualTo(around + 1);
    store.apply(Write.putIfVersion(key, "b", 1, "n2"), soon());
    assertThat(wire.reset()).as("next").isEqualTo(around + 1);
    store.apply(Write.deleteIfVersion(key, 2, "n3"), soon());
    assertThat(wire.reset()).as("deleted").isEqualTo(around + 1);
    store.apply(Write.putIfAbsent(key, "c", "n4"), soon());
    assertThat(wire.reset()).as("created again").isEqualTo(around + 1 + more);
    store.apply(Write.putIfFence(key, "d", fence(), "n5"), soon());
    assertThat(wire.reset()).as("fenced").isEqualTo(around + 1);
    store.apply(Write.putIfFence(fresh(), "e", fence(), "n6"), soon());
    assertThat(wire.reset()).as("first, fenced").isEqualTo(around + 1 + more);
    store.apply(Write.putIfVersion(key, "f", 1, "n7"), soon());
    assertThat(wire.reset()).as("refused").isEqualTo(around + 2);
    store.apply(Write.putIfVersion(key, "f", 0, "n8"), soon());
    assertThat(wire.reset()).as("refused, as if new").isEqualTo(around + 2);
    store.apply(Write.putIfAbsent(key, "f", "n9"), soon());
    assertThat(wire.reset()).as("not absent").isEqualTo(around + 2 + more);
    store.apply(Write.putIfFence(key, "f", smaller(), "n10"), soon());
    assertThat(wire.reset()).as("fenced off").isEqualTo(around + 2 + 2 * more);
    assertThat(store.get(key, soon()).version()).isEqualTo(5);
    assertThat(wire.reset()).as("read").isEqualTo(around + 1);
  }

  private static Fence smaller() {
    return new Fence(fence().holder(), new FencingToken(6));
  }

  @Test
  void storesOfOneTableKnowNothingOfEachOther() throws Exception {
    Key key = fresh();
    open().apply(Write.putIfAbsent(key, "a", "n0"), soon());

    for (String name : new String[] {"others", "VALUES"}) {
      ConditionalStore<String> other =
          JdbcConditionalStore.of(database.source(), name, Codec.utf8());
      assertThat(other.get(key, soon()).version()).isZero();
      assertThat(other.apply(Write.putIfAbsent(key, "b", "n0"), soon()))
          .isEqualTo(new Outcome.Applied<String>(1));
    }
    assertThat(open().get(key, soon()).value()).hasValue("a");
  }

  @Test
  void versionsSurviveARestart() throws Exception {
    Key key = fresh();
    open().apply(Write.putIfAbsent(key, "a", "n0"), soon());
    open().apply(Write.deleteIfVersion(key, 1, "n1"), soon());

    database.restart();

    assertThat(open().get(key, soon()).version()).isEqualTo(2);
  }

  @Test
  void creatingTheTableAgainLeavesIt() throws Exception {
    Key key = fresh();
    open().apply(Write.putIfAbsent(key, "a", "n0"), soon());

    JdbcVersionedSchema.create(database.source());

    assertThat(open().get(key, soon()).value()).hasValue("a");
  }
}
