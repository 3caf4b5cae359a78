package dev.ashlar.leases.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Codec;
import dev.ashlar.core.Effect;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.leases.testkit.ConditionalStoreContract;
import dev.ashlar.leases.versioned.ConditionalStore;
import dev.ashlar.leases.versioned.Key;
import dev.ashlar.leases.versioned.Outcome;
import dev.ashlar.leases.versioned.Versioned;
import dev.ashlar.leases.versioned.Write;
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

  private static Key fresh() {
    return new Key("k-" + UUID.randomUUID());
  }

  @Test
  @Proves("LEASE-94")
  @Proves("LEASE-95")
  void aConnectionThatBreaksLosesTheAnswerAlone() throws Exception {
    Key key = fresh();
    ConditionalStore<String> breaking = open(new VersionedWire(true).over(database.source()));
    assertThat(open().apply(Write.putIfVersion(key, "before", 0, "n0"), soon()))
        .isEqualTo(new Outcome.Applied<String>(1));
    Write<String> write = Write.putIfVersion(key, "mine", 1, "n1");

    Outcome<String> lost = breaking.apply(write, soon());

    assertThat(lost).isInstanceOf(Outcome.Unknown.class);
    assertThat(((Outcome.Unknown<String>) lost).failure().effect()).isEqualTo(Effect.UNKNOWN);
    assertThat(open().get(key, soon()).fateOf("n1", 1)).isEqualTo(Versioned.Fate.APPLIED);
    assertThat(open().apply(write, soon())).isEqualTo(new Outcome.Applied<String>(2));
    assertThat(database.source().lent()).isZero();
  }

  @Test
  void storesOfOneTableKnowNothingOfEachOther() throws Exception {
    Key key = fresh();
    ConditionalStore<String> other =
        JdbcConditionalStore.of(database.source(), "others", Codec.utf8());
    open().apply(Write.putIfAbsent(key, "a", "n0"), soon());

    assertThat(other.get(key, soon()).version()).isZero();
    assertThat(other.apply(Write.putIfAbsent(key, "b", "n0"), soon()))
        .isEqualTo(new Outcome.Applied<String>(1));
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
