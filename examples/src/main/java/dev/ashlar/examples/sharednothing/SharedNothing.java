package dev.ashlar.examples.sharednothing;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * User sessions and a product catalogue in twelve partitions, owned by three nodes. Rendezvous
 * hashing says who should own what, a lease in ZooKeeper who does, and a floor beside the rows lets
 * nobody else write.
 *
 * <pre>
 * 12 partitions, owned by {a=4, b=3, c=5}
 * 120 products, 300 sessions
 *
 * a product by its key: 1 node, 1 partition, 1 transaction
 * tools, by category: 15; 3 nodes, 12 partitions, 12 transactions
 *
 * cart and stock on one node and disk: cart 1, stock 9; 1 node, 2 partitions, 1 transaction
 *   between the steps: cart 1, stock 9
 * cart and stock on two nodes: cart 2, stock 9; 2 nodes, 2 partitions, 2 transactions
 *   for no session: false, cart 0, stock 10; 2 nodes, 2 partitions, 3 transactions
 *
 * c dies, which had 5; asked there: 5 refused
 * moved: 5 of 12, now owned by {a=7, b=5}
 * what the old c sends late: refused, claimed by b
 * sessions: 300; 2 nodes, 12 partitions, 12 transactions
 *
 * two of three ZooKeeper servers die; owners go on for their terms: true
 * then: NotOwned[partition=p05, why=a has no lease for it]
 * sessions opened, of 60: 0
 * partitions that answer, of 12: 0
 * one server comes back, and {a=7, b=5} are owned again
 * the same 60 again: 60
 * and again, as if no answer had come: 0
 * acknowledged sessions are there, each once, and no others: true
 * </pre>
 *
 * What is not atomic: the two steps, which everybody can see between; and a query of all
 * partitions, which is no snapshot. What ends here is a node, not its disks: they are databases in
 * memory that stand for volumes, and the next owner has them mounted.
 *
 * <p>Run it with {@code main}; it takes about fifteen seconds, most of them leases that run out.
 */
public final class SharedNothing {

  private static final TimeSource TIME = TimeSource.system();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int DISKS = 2;

  private final PrintStream out;
  private final Map<String, Disk> disks = new TreeMap<>();
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Front front = new Front(nodes);
  private final Set<String> acknowledged = new TreeSet<>();

  private SharedNothing(PrintStream out) {
    this.out = out;
  }

  /** Runs the example on the console. */
  public static void main(String[] args) throws Exception {
    run(System.out);
  }

  static void run(PrintStream out) throws Exception {
    new SharedNothing(out).run();
  }

  private void run() throws Exception {
    mount();
    try (Ensemble ensemble = Ensemble.start(TIME)) {
      try {
        for (String name : new String[] {"a", "b", "c"}) {
          nodes.put(name, new Node(name, new Wire(ensemble.store()), disks, TIME));
        }
        fill();
        queries();
        changes();
        nodeDies();
        majorityDies(ensemble);
      } finally {
        nodes.values().forEach(Node::close);
      }
    }
  }

  private void mount() throws SQLException {
    Disk[] fresh = new Disk[DISKS];
    for (int i = 0; i < DISKS; i++) {
      fresh[i] = Disk.fresh("disk-" + i);
    }
    int next = 0;
    for (String partition : Partitions.all()) {
      disks.put(partition, fresh[next++ % DISKS]);
    }
  }

  private void fill() throws SQLException, InterruptedException {
    front.assign("a", "b", "c");
    await("owners", front::isSettled);
    out.println("12 partitions, owned by " + front.sizes());
    for (int i = 0; i < 120; i++) {
      String sku = "sku-" + i;
      String category = i % 8 == 0 ? "tools" : "books";
      asked(sku, rows -> rows.add(sku, category));
    }
    int opened = openAll("first", 300);
    out.println("120 products, " + opened + " sessions");
  }

  /** As a client does: who is refused asks again, for sooner or later there is an owner. */
  private <V> V asked(String key, Rows.Work<V> work) throws SQLException, InterruptedException {
    Deadline deadline = Deadline.after(PATIENCE, TIME);
    while (!deadline.hasExpired()) {
      if (front.ask(key, work, new Cost()) instanceof Reply.Done<V> done) {
        return done.value();
      }
      TIME.sleep(Duration.ofMillis(10));
    }
    throw new IllegalStateException(key + ": no owner within " + PATIENCE);
  }

  /** Opens sessions, until all are acknowledged, and tells how many were opened by it. */
  private int openAll(String prefix, int count) throws SQLException, InterruptedException {
    int opened = 0;
    for (int i = 0; i < count; i++) {
      String session = prefix + "-" + i;
      opened += asked(session, rows -> rows.open(session, "customer")) ? 1 : 0;
      acknowledged.add(session);
    }
    return opened;
  }

  /** Tries to open sessions, each once, and tells how many were acknowledged. */
  private int tryOpen(String prefix, int count) throws SQLException {
    int done = 0;
    for (int i = 0; i < count; i++) {
      String session = prefix + "-" + i;
      Reply<Boolean> reply = front.ask(session, rows -> rows.open(session, "guest"), new Cost());
      if (reply instanceof Reply.Done<Boolean>) {
        acknowledged.add(session);
        done++;
      }
    }
    return done;
  }

  private void queries() throws SQLException, InterruptedException {
    out.println();
    Cost byKey = new Cost();
    front.ask("sku-8", rows -> rows.stock("sku-8"), byKey);
    out.println("a product by its key: " + byKey);
    out.println("tools, by category: " + gathered(rows -> rows.inCategory("tools")));
  }

  /** Asks all partitions, and again while one is without an owner. */
  private String gathered(Rows.Work<Integer> work) throws SQLException, InterruptedException {
    Deadline deadline = Deadline.after(PATIENCE, TIME);
    Cost cost = new Cost();
    Front.Gathered gathered = front.askAll(work, cost);
    while (gathered.missing() > 0 && !deadline.hasExpired()) {
      TIME.sleep(Duration.ofMillis(10));
      cost = new Cost();
      gathered = front.askAll(work, cost);
    }
    return gathered.sum() + "; " + cost;
  }

  private void changes() throws SQLException, InterruptedException {
    out.println();
    Cost atOnce = new Cost();
    String near = skuFor("first-0", 0, true);
    front.buyAtOnce("first-0", near, "buy-1", atOnce);
    out.println("cart and stock on one node and disk: " + stands("first-0", near) + "; " + atOnce);

    Cost inSteps = new Cost();
    String far = skuFor("first-0", 0, false);
    Front.Between look = () -> out.println("  between the steps: " + stands("first-0", far));
    front.buyInSteps("first-0", far, "buy-2", look, inSteps);
    out.println("cart and stock on two nodes: " + stands("first-0", far) + "; " + inSteps);

    Cost undone = new Cost();
    String other = skuFor("nobody", 60, false);
    Reply<Boolean> bought = front.buyInSteps("nobody", other, "buy-3", () -> {}, undone);
    out.println(
        "  for no session: " + shown(bought) + ", " + stands("nobody", other) + "; " + undone);
  }

  private String skuFor(String session, int from, boolean near) {
    for (int i = from; i < 120; i++) {
      String sku = "sku-" + i;
      if (near ? front.isTogether(session, sku) : front.isApart(session, sku)) {
        return sku;
      }
    }
    throw new IllegalStateException("sku: none for " + session);
  }

  private String stands(String session, String sku) throws SQLException, InterruptedException {
    int cart = asked(session, rows -> rows.inCart(session));
    int stock = asked(sku, rows -> rows.stock(sku));
    return "cart " + cart + ", stock " + stock;
  }

  private static String shown(Reply<?> reply) {
    return reply instanceof Reply.Done<?> done ? "" + done.value() : reply.toString();
  }

  private void nodeDies() throws SQLException, InterruptedException {
    out.println();
    Set<String> orphans = front.assignedTo("c");
    node("c").die();
    out.println("c dies, which had " + orphans.size() + "; asked there: " + probe(orphans));
    long moved = front.assign("a", "b");
    await("owners", front::isSettled);
    out.println("moved: " + moved + " of 12, now owned by " + front.sizes());
    out.println("what the old c sends late: " + node("c").sendLate(orphans.iterator().next()));
    out.println("sessions: " + gathered(rows -> rows.sessions("first-")));
  }

  /** Asks for something in each of these partitions, and tells how many refuse. */
  private String probe(Set<String> partitions) throws SQLException {
    int refused = 0;
    for (String partition : partitions) {
      refused += node("c").serve(partition, rows -> 0) instanceof Reply.NotOwned ? 1 : 0;
    }
    return refused + " refused";
  }

  private void majorityDies(Ensemble ensemble) throws SQLException, InterruptedException {
    out.println();
    ensemble.kill(0);
    ensemble.kill(1);
    int early = openUntilUnowned();
    out.println("two of three ZooKeeper servers die; owners go on for their terms: " + (early > 0));
    Reply<Boolean> reply = front.ask("late-0", rows -> rows.open("late-0", "none"), new Cost());
    out.println("then: " + reply);
    out.println("sessions opened, of 60: " + tryOpen("late", 60));
    Front.Gathered seen = front.askAll(rows -> rows.sessions(""), new Cost());
    out.println("partitions that answer, of 12: " + (12 - seen.missing()));

    ensemble.begin(0);
    await("owners", front::isSettled);
    out.println("one server comes back, and " + front.sizes() + " are owned again");
    out.println("the same 60 again: " + openAll("late", 60));
    out.println("and again, as if no answer had come: " + openAll("late", 60));
    String stored = gathered(rows -> rows.sessions(""));
    boolean same = stored.startsWith(acknowledged.size() + ";");
    out.println("acknowledged sessions are there, each once, and no others: " + same);
  }

  /** Nobody else can have the leases yet, so until they have run out these are accepted. */
  private int openUntilUnowned() throws SQLException, InterruptedException {
    int opened = 0;
    for (int i = 0; !front.isUnowned(); i++) {
      opened += tryOpen("early" + i, 1);
      TIME.sleep(Duration.ofMillis(10));
    }
    return opened;
  }

  private Node node(String name) {
    return Optional.ofNullable(nodes.get(name)).orElseThrow();
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    Deadline deadline = Deadline.after(PATIENCE, TIME);
    while (!condition.getAsBoolean()) {
      if (deadline.hasExpired()) {
        throw new IllegalStateException(what + ": not within " + PATIENCE);
      }
      TIME.sleep(Duration.ofMillis(10));
    }
  }
}
