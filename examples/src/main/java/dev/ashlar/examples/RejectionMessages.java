package dev.ashlar.examples;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Criticality;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.LossCause;
import dev.ashlar.leases.guard.FenceRejection;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.guard.RejectionPublisher;
import dev.ashlar.leases.guard.Standing;
import dev.ashlar.leases.jdbc.JdbcFloor;
import dev.ashlar.leases.jdbc.JdbcLeaseSchema;
import dev.ashlar.leases.jdbc.JdbcLeaseStore;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.consume.Consumer;
import dev.ashlar.messaging.consume.ConsumerOptions;
import dev.ashlar.messaging.jdbc.JdbcQueue;
import dev.ashlar.messaging.jdbc.JdbcSchema;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.Condition;
import org.h2.jdbcx.JdbcDataSource;

/**
 * A ledger refuses the posting of a stale owner, who gets no answer because postings are one-way.
 * So the refusal goes out as a message to the stale owner's queue, and its process gives up the
 * lease that its clock, which stood still, still believes in.
 *
 * <pre>
 * host-a: posts 10 with token 1
 * host-a is suspended; host-b gets the lease
 * host-b: posts 20 with token 2
 * host-a wakes up, believes HELD, and posts 30 and 40 with token 1
 * messages for host-a: 1, after 2 refusals
 * message: ashlar-fence-rejection 1 ledger postings 1 host-a ... 2 host-b ...
 * host-a hears: ledger: token 1 of host-a refused, claimed by token 2 of host-b
 * host-a: LOST, FENCED_BY_RESOURCE
 * ledger: 10 20
 * </pre>
 *
 * <p>Run it with {@code main}.
 */
public final class RejectionMessages {

  private static final LeaseName POSTINGS = new LeaseName("postings");
  private static final TimeSource TIME = TimeSource.system();

  private final JdbcDataSource database = new JdbcDataSource();
  private final PrintStream out;

  private RejectionMessages(PrintStream out) {
    this.out = out;
    database.setURL("jdbc:h2:mem:rejection-messages;DB_CLOSE_DELAY=-1");
  }

  /** Runs the example on the console. */
  public static void main(String[] args) throws Exception {
    run(System.out);
  }

  static void run(PrintStream out) throws Exception {
    new RejectionMessages(out).run();
  }

  private void run() throws Exception {
    JdbcLeaseSchema.create(database);
    JdbcSchema.create(database);
    transaction(tx -> execute(tx, "CREATE TABLE posting (id INT AUTO_INCREMENT, amount INT)"));
    Machine a = new Machine();
    try (Leases ofA = leases("host-a", a, Duration.ofSeconds(2));
        Leases ofB = leases("host-b", TIME, Duration.ofSeconds(15));
        MessageQueue inboxOfA = queue("host-a")) {
      Ledger ledger = new Ledger(RejectionPublisher.onceEach(new ByMessage(), Observer.none()));
      Lease first = ofA.acquire(POSTINGS, soon()).lease().orElseThrow();
      ledger.claim(first);
      ledger.post(first.fence(), 10);
      out.println("host-a: posts 10 with token " + first.token().value());

      a.suspend();
      out.println("host-a is suspended; host-b gets the lease");
      Lease second = ofB.acquire(POSTINGS, soon()).lease().orElseThrow();
      ledger.claim(second);
      ledger.post(second.fence(), 20);
      out.println("host-b: posts 20 with token " + second.token().value());

      out.println(
          "host-a wakes up, believes " + first.state() + ", and posts 30 and 40 with token 1");
      ledger.post(first.fence(), 30);
      ledger.post(first.fence(), 40);
      int waiting = (int) inboxOfA.depth(soon()).waiting();
      out.println("messages for host-a: " + waiting + ", after " + ledger.refused + " refusals");
      hear(inboxOfA, first);
      out.println("host-a: " + first.state() + ", " + first.lossCause().orElseThrow());
    }
    out.println("ledger: " + postings());
  }

  // [readme:rejection-messages]
  /** Sends a rejection to the queue that is named like the stale owner. */
  private final class ByMessage implements RejectionPublisher {

    @Override
    public void publish(FenceRejection rejection) {
      // One that is sent twice has the same id, so the queue has it once.
      MessageId id = new MessageId(rejection.presented().holder().nonce());
      Message message = Message.of(id, Bytes.utf8(rejection.text()));
      try (MessageQueue queue = queue(rejection.staleOwner())) {
        queue.send(message, Deadline.after(Duration.ofSeconds(2), TIME));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("rejection: interrupted, so not sent", e);
      }
    }
  }

  /** What the stale owner's process does with it: a consumer that may run on any of its threads. */
  private Outcome lose(Message message, Lease lease) {
    FenceRejection rejection = FenceRejection.parse(message.payload().toUtf8());
    out.println("message: " + rejection.text().replaceAll("[0-9A-Z]{26}", "..."));
    out.println("host-a hears: " + rejection.describe());
    if (rejection.presented().equals(lease.fence())) {
      lease.lose(LossCause.FENCED_BY_RESOURCE); // Again changes nothing, so twice is harmless.
    }
    return Outcome.done();
  }

  // [/readme]

  private void hear(MessageQueue inbox, Lease lease) throws InterruptedException {
    CallContext.Receiver receiver =
        new CallContext.Receiver(
            CallContext.Trust.PEER,
            Criticality.CRITICAL,
            Duration.ofMinutes(1),
            IdSource.system(),
            TIME,
            Observer.none());
    ConsumerOptions options = ConsumerOptions.of("host-a", receiver, new SplittableRandom(17));
    Deadline deadline = soon();
    try (Consumer consumer =
        Consumer.start(inbox, (message, context) -> lose(message, lease), options)) {
      MessageQueue.Depth none = new MessageQueue.Depth(0, 0, 0);
      while (consumer.state() == Consumer.State.RUNNING && !inbox.depth(deadline).equals(none)) {
        TIME.sleep(Duration.ofMillis(5));
      }
    }
  }

  /** The service that has the ledger: what is posted brings its fence along, and gets no answer. */
  private final class Ledger {
    private final JdbcFloor floor = JdbcFloor.of(database);
    private final RejectionPublisher rejections;
    private int refused;

    Ledger(RejectionPublisher rejections) {
      this.rejections = rejections;
    }

    void claim(Lease lease) throws InterruptedException {
      Guard.over(floor, Observer.none()).claim("ledger", lease, soon()).orThrow();
    }

    void post(Fence fence, int amount) throws SQLException {
      Standing standing =
          transaction(
              tx -> {
                Standing checked = floor.check(tx, "ledger", fence);
                if (checked instanceof Standing.Level) {
                  execute(tx, "INSERT INTO posting (amount) VALUES (" + amount + ")");
                }
                return checked;
              });
      if (standing instanceof Standing.Differs differs) {
        refused++;
        rejections.publish(new FenceRejection("ledger", fence, differs.floor()));
      }
    }
  }

  private MessageQueue queue(String owner) {
    return JdbcQueue.of(database, owner, QueueOptions.capacity(1000), TIME, Observer.none());
  }

  private Leases leases(String host, TimeSource time, Duration term) {
    LeaseStore store = JdbcLeaseStore.of(database, Observer.none());
    LeaseOptions options =
        LeaseOptions.of(host, new SplittableRandom(host.hashCode())).withTerm(term);
    return Leases.of(store, options, IdSource.system(), time, Observer.none());
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(30), TIME);
  }

  private String postings() throws SQLException {
    return transaction(
        tx -> {
          try (Statement statement = tx.createStatement();
              var rows = statement.executeQuery("SELECT amount FROM posting ORDER BY id")) {
            StringBuilder amounts = new StringBuilder();
            while (rows.next()) {
              amounts.append(amounts.isEmpty() ? "" : " ").append(rows.getInt(1));
            }
            return amounts.toString();
          }
        });
  }

  private static int execute(Connection tx, String sql) throws SQLException {
    try (Statement statement = tx.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  private interface Work<R> {
    R run(Connection tx) throws SQLException;
  }

  private <R> R transaction(Work<R> work) throws SQLException {
    try (Connection tx = database.getConnection()) {
      tx.setAutoCommit(false);
      R result = work.run(tx);
      tx.commit();
      return result;
    }
  }

  /** The clocks of a machine that can be suspended: they stand still then, until they are set. */
  private static final class Machine implements TimeSource {
    private final TimeSource real = TimeSource.system();
    private volatile Optional<Clocks> stopped = Optional.empty();

    private record Clocks(long nanos, Instant wall) {}

    void suspend() {
      stopped = Optional.of(new Clocks(real.nanos(), real.wallTime()));
    }

    @Override
    public long nanos() {
      return stopped.map(Clocks::nanos).orElseGet(real::nanos);
    }

    @Override
    public Instant wallTime() {
      return stopped.map(Clocks::wall).orElseGet(real::wallTime);
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      real.sleep(duration);
    }

    @Override
    public boolean await(Condition condition, Deadline deadline) throws InterruptedException {
      return real.await(condition, deadline);
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
      return real.after(delay, task);
    }
  }
}
