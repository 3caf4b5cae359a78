package dev.ashlar.leases.jdbc;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Codec;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.IdSource;
import dev.ashlar.leases.versioned.ConditionalStore;
import dev.ashlar.leases.versioned.FenceMark;
import dev.ashlar.leases.versioned.Key;
import dev.ashlar.leases.versioned.Outcome;
import dev.ashlar.leases.versioned.Versioned;
import dev.ashlar.leases.versioned.Write;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import javax.sql.DataSource;

/**
 * Values with versions in a table of H2 or PostgreSQL.
 *
 * <p><b>Guarantees.</b> As {@link ConditionalStore}, among all processes that use the table.
 *
 * <p><b>Not guaranteed.</b> That a standby that was copied to asynchronously has the last versions
 * after a failover: they may begin again from an earlier one.
 *
 * <p><b>Failures.</b> As {@link ConditionalStore}, with an effect of none where the server has said
 * that it has undone the statement, or was never asked.
 *
 * <p><b>Threads.</b> Safe if the data source is; one connection for the length of each request.
 *
 * <p><b>Limits.</b> On PostgreSQL one statement for a read or an applied write, and a second one
 * for a write that is refused; it is cancelled in whole seconds, so a request may end up to a
 * second after its deadline. The pool's own timeout comes on top.
 *
 * <pre>{@code
 * JdbcVersionedSchema.create(source);
 * ConditionalStore<String> carts = JdbcConditionalStore.of(source, "carts", Codec.utf8());
 * Updater<String> updater = Updater.of(carts, IdSource.system(), random, Observer.none());
 * }</pre>
 *
 * @param <V> the values
 */
public final class JdbcConditionalStore<V> implements ConditionalStore<V> {

  private final Database database;
  private final VersionedTable table;
  private final Codec<V> codec;

  private JdbcConditionalStore(Database database, VersionedTable table, Codec<V> codec) {
    this.database = database;
    this.table = table;
    this.codec = codec;
  }

  /**
   * Returns a store in the table of a database.
   *
   * @param source whose connections reach the primary, never a read replica
   * @param name keeps its keys apart from those of other stores in the table; 1 to 64 of A-Z a-z
   *     0-9 . _ -
   * @param codec the form of the values in the table
   */
  public static <V> JdbcConditionalStore<V> of(DataSource source, String name, Codec<V> codec) {
    requireNonNull(codec, "codec");
    if (!IdSource.isWellFormed(name)) {
      throw new IllegalArgumentException(
          "name: " + name.length() + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
    Database database = Database.of(requireNonNull(source, "source"));
    JdbcVersionedSchema.check(database.dialect());
    return new JdbcConditionalStore<>(
        database, new VersionedTable(name, database.dialect()), codec);
  }

  @Override
  public Versioned<V> get(Key key, Deadline deadline) throws InterruptedException {
    try {
      return decoded(database.run("versioned: get", deadline, lent -> table.current(lent, key)));
    } catch (BackendException e) {
      // A read changes nothing, whether it was carried out or not.
      throw new BackendException(String.valueOf(e.getMessage()), Effect.NONE, e.advice(), e);
    }
  }

  @Override
  public Outcome<V> apply(Write<V> write, Deadline deadline) throws InterruptedException {
    Write<Bytes> encoded =
        new Write<>(
            write.key(), write.value().map(this::encoded), write.condition(), write.nonce());
    Outcome<Bytes> outcome;
    try {
      outcome = database.run("versioned: write", deadline, lent -> written(lent, encoded));
    } catch (BackendException e) {
      return new Outcome.Unknown<>(e);
    }
    return outcome instanceof Outcome.Conflict<Bytes> conflict
        ? new Outcome.Conflict<>(decoded(conflict.current()))
        : new Outcome.Applied<>(((Outcome.Applied<Bytes>) outcome).version());
  }

  private Outcome<Bytes> written(Database.Lent lent, Write<Bytes> write) throws SQLException {
    OptionalLong made = table.write(lent, write);
    if (made.isPresent()) {
      return new Outcome.Applied<>(made.getAsLong());
    }
    Versioned<Bytes> current = table.current(lent, write.key());
    OptionalLong before = current.appliedAt(write.nonce());
    if (before.isPresent()) {
      return new Outcome.Applied<>(before.getAsLong());
    }
    checkLease(write.condition(), current.fence());
    return new Outcome.Conflict<>(current);
  }

  private static void checkLease(Write.Condition condition, Optional<FenceMark> stored) {
    if (condition instanceof Write.FenceAtMost fence
        && stored.isPresent()
        && !stored.get().lease().equals(fence.mark().lease())) {
      throw new IllegalStateException(
          "lease: "
              + fence.mark().lease().value()
              + " (expected: "
              + stored.get().lease().value()
              + ", under which the key was written)");
    }
  }

  private Bytes encoded(V value) {
    Bytes bytes = codec.encode(value);
    if (bytes.size() > VALUE_MAX) {
      throw new IllegalArgumentException(
          "value: " + bytes.size() + " bytes (expected: at most " + VALUE_MAX + ")");
    }
    return bytes;
  }

  private Versioned<V> decoded(Versioned<Bytes> entry) {
    return new Versioned<>(
        entry.version(), entry.value().map(codec::decode), entry.fence(), entry.nonces());
  }
}
