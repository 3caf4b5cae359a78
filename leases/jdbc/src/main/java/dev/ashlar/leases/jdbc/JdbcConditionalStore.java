package dev.ashlar.leases.jdbc;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Codec;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.IdSource;
import dev.ashlar.leases.guard.FenceRejection;
import dev.ashlar.leases.guard.Fenced;
import dev.ashlar.leases.guard.ResourceWriter;
import dev.ashlar.leases.versioned.ConditionalStore;
import dev.ashlar.leases.versioned.FenceMark;
import dev.ashlar.leases.versioned.Key;
import dev.ashlar.leases.versioned.Outcome;
import dev.ashlar.leases.versioned.Versioned;
import dev.ashlar.leases.versioned.Write;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import javax.sql.DataSource;

/*
 * A write under a claim is a transaction in one connection:
 *
 *   begin; is the floor still this claim's, and locked shared; the write; commit
 *
 * A successor's claim waits for that lock, so it sees what was committed, and what comes after it
 * is refused by the check. An answer that is missing is one to the commit; any other means that
 * there was none. Whatever is refused ends the transaction first, and reads then: in a snapshot of
 * it the row could look as it did before it was in the way.
 */

/**
 * Values with versions in a table of H2, PostgreSQL or MariaDB.
 *
 * <p><b>Guarantees.</b> As {@link ConditionalStore}, among all processes that use the table; and
 * under a claim, as {@link #under} says.
 *
 * <p><b>Not guaranteed.</b> That a standby that was copied to asynchronously has the last versions
 * after a failover: they may begin again from an earlier one. Anything on a cluster of which
 * several nodes take writes at once.
 *
 * <p><b>Failures.</b> As {@link ConditionalStore}, with an effect of none where the server has said
 * that it has undone the statement, or was never asked.
 *
 * <p><b>Threads.</b> Safe if the data source is; one connection for the length of each request.
 *
 * <p><b>Limits.</b> One statement for a read or an applied write, and a second one for a write that
 * is refused; on H2 and MariaDB up to two more for a write whose condition is no version. Under a
 * claim a check, a commit and what turns transactions on and off come on top. On PostgreSQL a
 * request may end a few tenths of a second after its deadline. The pool's own timeout comes on top.
 * MariaDB from 10.6 on, with a {@code max_allowed_packet} of 256 KiB at least; it has 16 MiB unless
 * told otherwise.
 *
 * <pre>{@code
 * JdbcVersionedSchema.create(source);
 * JdbcConditionalStore<String> carts = JdbcConditionalStore.of(source, "carts", Codec.utf8());
 * Updater<String> anybody = Updater.of(carts, IdSource.system(), random, observer);
 *
 * Claim<Connection> claim = guard.claim("carts", lease, deadline).orThrow();
 * Updater<String> holder = Updater.of(carts.under(claim), IdSource.system(), random, observer);
 * }</pre>
 *
 * @param <V> the values
 */
public final class JdbcConditionalStore<V> implements ConditionalStore<V> {

  private final Database database;
  private final VersionedTable table;
  private final Codec<V> codec;
  private final Optional<ResourceWriter<Connection>> writer;

  private JdbcConditionalStore(
      Database database,
      VersionedTable table,
      Codec<V> codec,
      Optional<ResourceWriter<Connection>> writer) {
    this.database = database;
    this.table = table;
    this.codec = codec;
    this.writer = writer;
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
    return new JdbcConditionalStore<>(
        database, new VersionedTable(name, database.dialect()), codec, Optional.empty());
  }

  /**
   * Returns this store as the holder of a lease writes to it: each write in one transaction with
   * the check of the claim.
   *
   * <p><b>Guarantees.</b> Once a successor has claimed, no write of this store is carried out, also
   * where the version is still the one that was read; one that was under way is seen by the
   * successor's first read, or is not carried out (LEASE-105). Which of the two conditions failed
   * is told: {@link Outcome.Stale} if the claim is over, whatever the version, and {@link
   * Outcome.Conflict} otherwise (LEASE-106). What became of a write without an answer is found also
   * after the claim is over (LEASE-107).
   *
   * <p><b>Not guaranteed.</b> Anything about writes to the same keys that go another way, except
   * that they move the version.
   *
   * @param claim by a guard over a {@link JdbcFloor} of the same database
   */
  public JdbcConditionalStore<V> under(ResourceWriter<Connection> claim) {
    return new JdbcConditionalStore<>(database, table, codec, Optional.of(claim));
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
    if (outcome instanceof Outcome.Conflict<Bytes> conflict) {
      return new Outcome.Conflict<>(decoded(conflict.current()));
    }
    if (outcome instanceof Outcome.Stale<Bytes> stale) {
      return new Outcome.Stale<>(stale.rejection(), decoded(stale.current()));
    }
    return new Outcome.Applied<>(((Outcome.Applied<Bytes>) outcome).version());
  }

  private Outcome<Bytes> written(Database.Lent lent, Write<Bytes> write) throws SQLException {
    Fenced<OptionalLong> made =
        writer.isPresent()
            ? writer.get().write(lent.begin(), () -> table.write(lent, write))
            : new Fenced.Accepted<>(table.write(lent, write));
    if (made instanceof Fenced.Accepted<OptionalLong> accepted && accepted.value().isPresent()) {
      lent.commit();
      return new Outcome.Applied<>(accepted.value().getAsLong());
    }
    Versioned<Bytes> current = afterRefusal(lent, write.key());
    OptionalLong before = current.appliedAt(write.nonce());
    if (before.isPresent()) {
      return new Outcome.Applied<>(before.getAsLong());
    }
    if (!(made instanceof Fenced.Accepted)) {
      return new Outcome.Stale<>(rejection(made), current);
    }
    checkLease(write.condition(), current.fence());
    return new Outcome.Conflict<>(current);
  }

  /** Nothing was written, whatever becomes of this look. */
  private Versioned<Bytes> afterRefusal(Database.Lent lent, Key key) {
    try {
      lent.rollback();
      return table.current(lent, key);
    } catch (SQLException e) {
      throw SqlFailure.beforeCommit("versioned: refused, by what is not known", e);
    }
  }

  private static Optional<FenceRejection> rejection(Fenced<?> refused) {
    return refused instanceof Fenced.Rejected<?> rejected
        ? Optional.of(rejected.rejection())
        : Optional.empty();
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
