package dev.ashlar.examples;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.DeadKey;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Guarantees.Promise;
import dev.ashlar.messaging.MemoryQueue;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The postings of an account must be made in their order, also when one of them cannot be made: the
 * account is parked behind it, other accounts go on, and the redrive puts it before those that
 * wait.
 *
 * <pre>
 *   open ann 100 is made
 *   open bob 40 is made
 *   currency ann CHF cannot be made
 *   add bob 2 is made
 * ann=100, bob=42; set aside: 1, parked: 2
 *
 * the handler learns currencies, and the posting is put back: REDRIVEN
 *   currency ann CHF is made
 *   add ann 10 is made
 *   close ann 0 is made
 * ann=110 CHF closed, bob=42; set aside: 0, parked: 0
 * </pre>
 */
public final class ParkedKey {

  private final TimeSource time = TimeSource.system();
  private final Deadline deadline = Deadline.after(Duration.ofSeconds(30), time);
  private final Map<String, Account> accounts = new TreeMap<>();
  private final List<String> known = new ArrayList<>(List.of("open", "add", "close"));
  private final PrintStream out;

  private ParkedKey(PrintStream out) {
    this.out = out;
  }

  /** Runs the example on the console. */
  public static void main(String[] args) throws Exception {
    run(System.out);
  }

  static void run(PrintStream out) throws Exception {
    new ParkedKey(out).run();
  }

  private void run() throws Exception {
    // [readme:parked-key]
    QueueOptions options = QueueOptions.capacity(1000).withDeadKey(DeadKey.park(100));
    MessageQueue queue = MemoryQueue.of("postings", options, time, Observer.none());
    queue.guarantees().require(Promise.KEY_ORDER_UNDER_RETRY, Promise.KEY_PARKING);
    // [/readme]
    List<String> postings =
        List.of(
            "open ann 100",
            "open bob 40",
            "currency ann CHF",
            "add ann 10",
            "add bob 2",
            "close ann 0");
    for (String posting : postings) {
      MessageId id = new MessageId(posting.replace(' ', '-'));
      String account = posting.split(" ", -1)[1];
      queue.send(Message.of(id, Bytes.utf8(posting)).withKey(account), deadline);
    }
    handleAll(queue);
    tell(queue);

    known.add("currency");
    out.println();
    out.println(
        "the handler learns currencies, and the posting is put back: "
            + queue.deadLetters().redrive(new MessageId("currency-ann-CHF"), deadline));
    handleAll(queue);
    tell(queue);
  }

  private void handleAll(MessageQueue queue) throws InterruptedException {
    while (queue.depth(deadline).waiting() > 0) {
      for (Delivery delivery : queue.receive(1, deadline)) {
        delivery.settle(handle(delivery.message().payload().toUtf8()), deadline);
      }
    }
  }

  private Outcome handle(String posting) {
    String[] words = posting.split(" ", -1);
    if (!known.contains(words[0])) {
      out.println("  " + posting + " cannot be made");
      return new Outcome.DeadLetter("unknown kind of posting: " + words[0]);
    }
    out.println("  " + posting + " is made");
    accounts.computeIfAbsent(words[1], name -> new Account()).post(words[0], words[2]);
    return Outcome.done();
  }

  private void tell(MessageQueue queue) throws InterruptedException {
    String all = accounts.toString().replaceAll("[{}]", "");
    MessageQueue.Depth depth = queue.depth(deadline);
    out.println(all + "; set aside: " + depth.dead() + ", parked: " + depth.parked());
  }

  private static final class Account {
    private int balance;
    private String rest = "";

    void post(String kind, String value) {
      switch (kind) {
        case "currency" -> rest += " " + value;
        case "close" -> rest += " closed";
        default -> balance += Integer.parseInt(value);
      }
    }

    @Override
    public String toString() {
      return balance + rest;
    }
  }
}
