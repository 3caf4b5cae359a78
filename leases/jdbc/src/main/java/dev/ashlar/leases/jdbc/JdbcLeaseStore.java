package dev.ashlar.leases.jdbc;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Guarantees;
import dev.ashlar.leases.Guarantees.ExpiryClock;
import dev.ashlar.leases.Guarantees.Fairness;
import dev.ashlar.leases.Guarantees.Terms;
import dev.ashlar.leases.Guarantees.TokenStrength;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Leases in a table of H2, PostgreSQL or MariaDB.
 *
 * <p><b>Guarantees.</b> As {@link LeaseStore}, among all processes that use the table. Each request
 * is a statement that commits by itself, so a process that is paused between two of them has
 * nothing locked. Rows are never deleted, so numbers never begin again (LEASE-7, LEASE-8). A
 * driver, pool or proxy that repeats a request by itself does no harm (LEASE-27). Of many grants
 * that are extended at once, one whose row somebody has locked holds up no other (LEASE-75).
 *
 * <p><b>Not guaranteed.</b> That a standby that was copied to asynchronously has the last numbers
 * after a failover; a guard notices, and {@link #withTokensAbove} repairs. That a jump of the
 * database's wall clock ends no grant early: of two holders then one writes at a guard (LEASE-18).
 * Fairness: those who wait ask again and again, spread by chance.
 *
 * <p><b>Failures.</b> {@link Answer.Unknown}, with an effect of none where the server has said that
 * it has undone the statement, or was never asked.
 *
 * <p><b>Threads.</b> Safe if the data source is; one connection for the length of each request.
 *
 * <p><b>Limits.</b> On PostgreSQL a request may end a few tenths of a second after its deadline;
 * two seconds if nothing is heard any more, and on a path that swallows the cancellation as well,
 * the driver waits for that another ten ({@code cancelSignalTimeout}); what is held ends by its
 * holder's own clock meanwhile. The pool's own timeout comes on top: keep it below a quarter of the
 * shortest term. H2 closes a database in a file when a thread that works on it is interrupted; a
 * server of its own, or files that it opens as {@code async:}, bear that (H2's issue 3583). MariaDB
 * from 10.6 on, with its binary log, if it has one, in rows or mixed: a copy that carried out the
 * statements again would look at its own clock.
 *
 * <pre>{@code
 * JdbcLeaseSchema.create(source);
 * LeaseStore store = JdbcLeaseStore.of(source, Observer.none());
 * Leases leases =
 *     Leases.of(store, LeaseOptions.of(host, random), IdSource.system(), time, Observer.none());
 * }</pre>
 */
public final class JdbcLeaseStore implements LeaseStore {

  private final Database database;
  private final LeaseTable table;
  private final LeaseBatch batch;
  private final Observer observer;
  private final long tokensAbove;

  private JdbcLeaseStore(Database database, Observer observer, long tokensAbove) {
    this.database = database;
    this.table = new LeaseTable(database.dialect(), tokensAbove);
    this.batch = new LeaseBatch(database.dialect());
    this.observer = observer;
    this.tokensAbove = tokensAbove;
  }

  /**
   * Returns the store in the tables of a database.
   *
   * @param source whose connections reach the primary, never a read replica
   * @param observer is told of the steps of a request
   */
  public static JdbcLeaseStore of(DataSource source, Observer observer) {
    Database database = Database.of(requireNonNull(source, "source"));
    return new JdbcLeaseStore(database, requireNonNull(observer, "observer"), 0);
  }

  /**
   * Returns this store with numbers above another one: after a restore, the largest that any
   * resource was claimed with. To be given to every process until the table has passed it.
   */
  public JdbcLeaseStore withTokensAbove(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("value: " + value + " (expected: >= 0)");
    }
    return new JdbcLeaseStore(database, observer, Math.max(value, tokensAbove));
  }

  @Override
  public Guarantees guarantees() {
    return new Guarantees(
        database.isDurable() ? TokenStrength.STRICT : TokenStrength.UNTIL_RESET,
        ExpiryClock.BACKEND_WALL,
        Fairness.NONE,
        Terms.PER_LEASE);
  }

  @Override
  public Answer<Grant> grant(Contender contender, Duration term, Deadline deadline)
      throws InterruptedException {
    return answered(
        "lease: grant",
        deadline,
        lent -> {
          Answer<Grant> answer = table.grant(lent, contender, term);
          observer.step("lease.granted");
          return answer;
        });
  }

  @Override
  public Answer<Grant> extend(Fence fence, Duration term, Deadline deadline)
      throws InterruptedException {
    return answered("lease: extend", deadline, lent -> table.extend(lent, fence, term));
  }

  /** Returns 1,000: the statement for so many takes hardly longer than that for one. */
  @Override
  public int extendMax() {
    return LeaseBatch.MAX;
  }

  /**
   * Extends them with one statement. A grant whose row somebody has locked is unknown, with an
   * effect of none.
   */
  @Override
  public List<Answer<Grant>> extendAll(List<Fence> fences, Duration term, Deadline deadline)
      throws InterruptedException {
    if (fences.size() > LeaseBatch.MAX) {
      throw new IllegalArgumentException(
          "fences: " + fences.size() + " (expected: <= " + LeaseBatch.MAX + ")");
    }
    if (fences.isEmpty()) {
      return List.of();
    }
    try {
      return database.run("lease: extend", deadline, lent -> batch.extend(lent, fences, term));
    } catch (BackendException e) {
      return Collections.nCopies(fences.size(), new Answer.Unknown<>(e));
    }
  }

  @Override
  public Answer<Optional<Grant>> inspect(LeaseName name, Deadline deadline)
      throws InterruptedException {
    return answered(
        "lease: inspect", deadline, lent -> new Answer.Done<>(table.current(lent, name)));
  }

  @Override
  public Answer<Contender> release(Contender contender, Deadline deadline)
      throws InterruptedException {
    return answered("lease: release", deadline, lent -> table.release(lent, contender));
  }

  private <V> Answer<V> answered(String what, Deadline deadline, Database.Work<Answer<V>> work)
      throws InterruptedException {
    try {
      return database.run(what, deadline, work);
    } catch (BackendException e) {
      return new Answer.Unknown<>(e);
    }
  }
}
