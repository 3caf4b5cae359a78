package dev.ashlar.leases.zookeeper;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.utils.ZKPaths;
import org.apache.zookeeper.common.PathUtils;
import org.apache.zookeeper.data.ACL;

/**
 * A lease store in ZooKeeper: a queue of ephemeral nodes for each lease, and numbers that the whole
 * ensemble counts.
 *
 * <p>Not Curator's {@code InterProcessMutex}, which has no number to show to a resource, keeps its
 * lock for as long as the process pings, and after a change of session may take the node of the
 * dead one for its own (CURATOR-604).
 *
 * <p><b>Guarantees.</b> As {@link LeaseStore}. Who asks first is served first (a place in the queue
 * is kept while its contender asks once a term). One write extends all leases of a session. The
 * token is the transaction id of the grant: it grows over all restarts of servers and clients
 * (LEASE-8), and whatever of the queue is cleaned up (LEASE-7). A grant is confirmed only by a
 * write that the servers agree on and that checks that the grant stands. A grant outlives the
 * session in which it was asked for if its contender asks again in another one before the servers
 * end the first (LEASE-13, LEASE-22).
 *
 * <p><b>Not guaranteed.</b> The term that is asked for: it is two thirds of the session's timeout,
 * which the server may have changed. That a crashed holder's lease is free after a term: the
 * servers end its session after the whole timeout, rounded up to their tick. Tokens above the old
 * ones from an ensemble that was set up anew or restored from a backup; a guard notices (LEASE-49),
 * and {@link #withTokensAbove} repairs. A holder that is paused or cut off goes on believing in its
 * lease until its own clock ends it, or, while it is stopped, for as long as it is stopped: its
 * writes are what the token is for.
 *
 * <p><b>Failures.</b> As {@link LeaseStore}: what the client throws is an {@link Answer.Unknown}.
 *
 * <p><b>Threads.</b> Safe; not to be used in a watcher or a listener of the same client, which
 * would wait for itself.
 *
 * <p><b>Limits.</b> {@value #PLACES_MAX} leases held or waited for at once, because each is a node
 * and, once it was extended, a watch. A lease takes one node for ever. Requests go to the ZooKeeper
 * handle of the client, past its retry policy; taking the handle may block while Curator replaces
 * one, for about a third of the session's timeout.
 *
 * <pre>{@code
 * LeaseStore store = ZooKeeperLeaseStore.open(client, "/ashlar/leases", deadline, Observer.none());
 * store.guarantees().requireTokens(Guarantees.TokenStrength.STRICT);
 * Leases leases = Leases.of(store, options, IdSource.system(), time, Observer.none());
 * }</pre>
 *
 * @see <a href="https://issues.apache.org/jira/browse/CURATOR-604">CURATOR-604</a>
 */
public final class ZooKeeperLeaseStore implements LeaseStore, AutoCloseable {

  /** The most leases that are held or waited for at once through one store. */
  public static final int PLACES_MAX = 10_000;

  /** The shortest timeout of a session: two thirds of it is the shortest useful term. */
  public static final Duration TIMEOUT_LEAST = Duration.ofMillis(1500);

  private static final long TOKENS_ABOVE_MAX = 1L << 62;

  static final Duration SWEEP_EVERY = Duration.ofMillis(100);

  private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

  private static final Guarantees GUARANTEES =
      new Guarantees(
          TokenStrength.STRICT, ExpiryClock.BACKEND_ELAPSED, Fairness.FIFO, Terms.PER_STORE);

  private final CuratorFramework client;
  private final Layout layout;
  private final List<ACL> acl;
  private final TimeSource time;
  private final Ask.Surroundings around;
  private final Proofs proofs = new Proofs();
  private final Tenures tenures;
  private volatile boolean closed;

  private ZooKeeperLeaseStore(
      CuratorFramework client, Layout layout, List<ACL> acl, TimeSource time, Observer observer) {
    this.client = client;
    this.layout = layout;
    this.acl = acl;
    this.time = time;
    this.around = new Ask.Surroundings(layout, new Quiet(), time, observer);
    this.tenures = new Tenures(time, observer, PLACES_MAX);
  }

  /**
   * Opens the store below a path, which is made, with the client's access rights, if it is not
   * there. What the store makes below has the access rights of {@code path/fence}.
   *
   * @param client started; it stays the caller's, to be closed after the store
   * @param path absolute, below the client's namespace; the same for all who compete
   * @param deadline of the opening, which asks again until then; its clocks are those of the store
   * @param observer is told of places that lapse, and of the steps of the protocol
   * @throws BackendException if the servers do not answer until then
   * @throws IllegalArgumentException if the session's timeout is below {@link #TIMEOUT_LEAST}
   */
  public static ZooKeeperLeaseStore open(
      CuratorFramework client, String path, Deadline deadline, Observer observer)
      throws InterruptedException {
    requireNonNull(observer, "observer");
    PathUtils.validatePath(path);
    Layout given = new Layout(path, 0);
    for (String one : List.of(given.queues(), given.fences(), given.beacons())) {
      Opening.make(client, one, deadline);
    }
    List<ACL> acl = Opening.rights(client, given.fences(), deadline);
    Opening.checkTimeout(client);
    Layout full = new Layout(ZKPaths.fixForNamespace(client.getNamespace(), path), 0);
    return new ZooKeeperLeaseStore(client, full, acl, deadline.time(), observer);
  }

  /**
   * Returns the store with numbers above another one: for an ensemble that was set up anew or
   * restored, the largest that any resource was claimed with. All numbers of the ensemble are
   * raised by it, so it is to be given to every process, and for as long as the ensemble lives; a
   * process without it grants smaller numbers, which a guard refuses loudly. To be called before
   * the first request, and closed instead of this one.
   *
   * @throws IllegalArgumentException if below zero, or above 2^62, which leaves room for what the
   *     ensemble counts
   */
  public ZooKeeperLeaseStore withTokensAbove(long value) {
    if (value < 0 || value > TOKENS_ABOVE_MAX) {
      throw new IllegalArgumentException(
          "value: " + value + " (expected: 0 to " + TOKENS_ABOVE_MAX + ")");
    }
    Layout above = new Layout(layout.root(), Math.max(value, layout.tokensAbove()));
    return new ZooKeeperLeaseStore(client, above, acl, time, around.observer());
  }

  @Override
  public Guarantees guarantees() {
    return GUARANTEES;
  }

  @Override
  public Answer<Grant> grant(Contender contender, Duration term, Deadline deadline)
      throws InterruptedException {
    return ask("grant", contender, deadline, Ask::grant);
  }

  @Override
  public Answer<Grant> extend(Fence fence, Duration term, Deadline deadline)
      throws InterruptedException {
    return extendAll(List.of(fence), term, deadline).get(0);
  }

  @Override
  public int extendMax() {
    return PLACES_MAX;
  }

  /** Writes one node for all of them, and looks only at those that this does not speak for. */
  @Override
  public List<Answer<Grant>> extendAll(List<Fence> fences, Duration term, Deadline deadline)
      throws InterruptedException {
    if (fences.size() > PLACES_MAX) {
      throw new IllegalArgumentException(
          "fences: " + fences.size() + " (expected: up to " + PLACES_MAX + ")");
    }
    String what = fences.size() == 1 ? "extend " + fences.get(0).lease().value() : "extend";
    List<Tenure> tenures = new ArrayList<>(fences.size());
    try {
      for (Fence fence : fences) {
        tenures.add(enter(fence.holder(), what));
      }
      return new Renewal(around, session(what, deadline)).run(fences, tenures);
    } catch (BackendException e) {
      return Collections.nCopies(fences.size(), new Answer.Unknown<>(e));
    } finally {
      tenures.forEach(Tenure::leave);
    }
  }

  @Override
  public Answer<Optional<Grant>> inspect(LeaseName name, Deadline deadline)
      throws InterruptedException {
    String what = "inspect " + name.value();
    try {
      Session session = session(what, deadline);
      Line line = new Line(layout, name, session);
      line.sync();
      Optional<Fence> held = line.look().held();
      return new Answer.Done<>(held.map(fence -> new Grant(fence, session.timeout())));
    } catch (BackendException e) {
      return new Answer.Unknown<>(e);
    }
  }

  @Override
  public Answer<Contender> release(Contender contender, Deadline deadline)
      throws InterruptedException {
    return ask("release", contender, deadline, Ask::release);
  }

  private <V> Answer<V> ask(
      String operation, Contender contender, Deadline deadline, Request<V> request)
      throws InterruptedException {
    String what = operation + " " + contender.lease().value();
    Optional<Tenure> tenure = Optional.empty();
    try {
      tenure = Optional.of(enter(contender, what));
      return request.run(new Ask(around, session(what, deadline), tenure.get()));
    } catch (BackendException e) {
      return new Answer.Unknown<>(e);
    } finally {
      tenure.ifPresent(Tenure::leave);
    }
  }

  private Tenure enter(Contender contender, String what) {
    return tenures
        .enter(contender, layout.queue(contender.lease()))
        .orElseThrow(
            () ->
                failure(
                    what + ": " + PLACES_MAX + " places", new Advice.Overloaded(Duration.ZERO)));
  }

  private Session session(String what, Deadline deadline) throws InterruptedException {
    if (closed) {
      throw failure(what + ": store is closed", new Advice.Permanent());
    }
    return Opening.session(client, acl, proofs, what, deadline);
  }

  private static BackendException failure(String what, Advice advice) {
    return new BackendException(what, Effect.NONE, advice, null);
  }

  @Override
  public void awaitChange(Contender contender, Deadline deadline) throws InterruptedException {
    Optional<Tenure> tenure = tenures.enter(contender, layout.queue(contender.lease()));
    Optional<Turn> turn = tenure.flatMap(Tenure::turn);
    try {
      if (turn.isPresent()) {
        turn.get().await(session("wait " + contender.lease().value(), deadline), deadline);
        tenure.get().waited();
      } else {
        time.sleep(deadline.remaining());
      }
    } catch (BackendException e) {
      // Who asks next is told why.
    } finally {
      tenure.ifPresent(Tenure::leave);
    }
  }

  /**
   * Ends what was granted or waited for through this store, as if it were released; leases are
   * closed before. What the servers do not confirm soon ends with the session.
   */
  @Override
  public void close() {
    closed = true;
    try {
      tenures.endAll(Deadline.after(CLOSE_MAX, time));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @FunctionalInterface
  private interface Request<V> {
    Answer<V> run(Ask ask) throws InterruptedException;
  }
}
