package dev.ashlar.examples;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.GroupMember;
import dev.ashlar.messaging.log.Lag;
import dev.ashlar.messaging.log.LogGuarantees;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.MemoryEventLog;
import dev.ashlar.messaging.log.OwnedPartition;
import dev.ashlar.messaging.log.Position;
import dev.ashlar.messaging.log.ReadResult;
import dev.ashlar.messaging.log.StartAt;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A second view of what is in a log: it is built from the beginning while the first one is in use,
 * takes over where the log ended when it began, and goes on live from there. Its builder dies on
 * the way, and the next one goes on behind what was committed.
 *
 * <pre>
 * one view, by product: {desk=2, lamp=3}
 * a second view, by customer, is built up to [0@3, 1@2]
 *   the builder dies with 2 records in the view and committed
 *   another one goes on with 3 more
 *   complete: {ann=2, bob=2, eve=1}
 * an order comes: {desk=2, lamp=4} and {ann=2, bob=2, eve=2}
 * records that are not in the second view yet: 0
 * </pre>
 *
 * Here a view and what is committed of it are in one memory. Where the view is in a database, its
 * change and the position go into one transaction, or an inbox stands before it.
 */
public final class ReplayedView {

  private final TimeSource time = TimeSource.system();
  private final Deadline deadline = Deadline.after(Duration.ofSeconds(30), time);
  private final EventLog log =
      MemoryEventLog.of("orders", LogOptions.partitions(2), time, Observer.none());
  private final PrintStream out;

  private ReplayedView(PrintStream out) {
    this.out = out;
  }

  /** Runs the example on the console. */
  public static void main(String[] args) throws Exception {
    run(System.out);
  }

  static void run(PrintStream out) throws Exception {
    new ReplayedView(out).run();
  }

  private void run() throws InterruptedException {
    log.guarantees().require(LogGuarantees.Promise.SNAPSHOT);
    List<String> orders = List.of("ann lamp", "bob desk", "ann desk", "eve lamp", "bob lamp");
    for (int i = 0; i < orders.size(); i++) {
      append(i + 1, orders.get(i));
    }
    View byProduct = new View(1);
    GroupMember live = log.join("by-product", StartAt.beginning(), Duration.ofSeconds(30));
    follow(live, byProduct, log.ends(deadline), 1000);
    out.println("one view, by product: " + byProduct.counts);

    List<Position> snapshot = log.ends(deadline);
    out.println("a second view, by customer, is built up to " + snapshot);
    View byCustomer = new View(0);
    GroupMember first = log.join("by-customer", StartAt.beginning(), Duration.ofSeconds(30));
    int before = follow(first, byCustomer, snapshot, 2);
    out.println("  the builder dies with " + before + " records in the view and committed");
    first.close();
    GroupMember second = log.join("by-customer", StartAt.beginning(), Duration.ofSeconds(30));
    out.println(
        "  another one goes on with " + follow(second, byCustomer, snapshot, 1000) + " more");
    out.println("  complete: " + byCustomer.counts);

    append(6, "eve lamp");
    follow(live, byProduct, log.ends(deadline), 1000);
    follow(second, byCustomer, log.ends(deadline), 1000);
    out.println("an order comes: " + byProduct.counts + " and " + byCustomer.counts);
    long missing = 0;
    for (Lag lag : log.lag("by-customer", deadline)) {
      missing += lag.records().orElseThrow();
    }
    out.println("records that are not in the second view yet: " + missing);
  }

  private void append(int number, String order) throws InterruptedException {
    String customer = order.split(" ", -1)[0];
    MessageId id = new MessageId("order-" + number);
    log.append(Message.of(id, Bytes.utf8(order)).withKey(customer), deadline);
  }

  /**
   * Reads what a member owns into a view and commits it, until the view has all that the log had.
   *
   * @return how many records came into the view
   */
  private int follow(GroupMember member, View view, List<Position> until, int most)
      throws InterruptedException {
    Set<String> all = new HashSet<>();
    log.partitions(deadline).forEach(partition -> all.add(partition.id()));
    int added = 0;
    while (added < most && !view.has(until)) {
      for (OwnedPartition owned : member.attend(all, deadline)) {
        if (added < most && owned.read(1, now()) instanceof ReadResult.Records read) {
          for (LogRecord next : read.records()) {
            view.add(next);
            owned.commit(next.position(), deadline);
            added++;
          }
        }
      }
    }
    return added;
  }

  private Deadline now() {
    return Deadline.after(Duration.ZERO, time);
  }

  /** How many orders there are of each kind, and up to where they are counted. */
  private static final class View {
    private final int word;
    private final Map<String, Integer> counts = new TreeMap<>();
    private final Map<String, Position> upTo = new HashMap<>();

    View(int word) {
      this.word = word;
    }

    void add(LogRecord next) {
      String order = next.message().payload().toUtf8();
      counts.merge(order.split(" ", -1)[word], 1, Integer::sum);
      upTo.put(next.position().partition(), next.position());
    }

    boolean has(List<Position> ends) {
      for (Position end : ends) {
        Position here = upTo.get(end.partition());
        if (here == null || end.isAfter(here)) {
          return false;
        }
      }
      return true;
    }
  }
}
