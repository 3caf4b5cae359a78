package dev.ashlar.examples;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.sourcing.AppendResult;
import dev.ashlar.messaging.sourcing.Event;
import dev.ashlar.messaging.sourcing.EventStore;
import dev.ashlar.messaging.sourcing.EventStore.Recorded;
import dev.ashlar.messaging.sourcing.EventStore.Slice;
import dev.ashlar.messaging.sourcing.ExpectedEnd;
import dev.ashlar.messaging.sourcing.MemoryEventStore;
import dev.ashlar.messaging.sourcing.StoreOptions;
import dev.ashlar.messaging.sourcing.StreamName;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/**
 * Two cash machines decide upon the same account at the same time. Each says up to where it has
 * read; the later one is told that the account has moved on, reads again and decides anew. One that
 * got no answer appends the same event again, and it is stored once.
 *
 * <pre>
 * a and b read: balance 100 after 1 event
 * a withdraws 80: Appended[end=2]
 * b withdraws 50: Conflict[end=2]
 * b reads again: balance 20 after 2 events; 50 is too much
 * a got no answer and appends the same again: Appended[end=2]
 * balance 20 after 2 events
 * </pre>
 */
public final class TwoWriters {

  private static final StreamName ACCOUNT = new StreamName("account-17");

  private final TimeSource time = TimeSource.system();
  private final Deadline deadline = Deadline.after(Duration.ofSeconds(30), time);
  private final EventStore store =
      MemoryEventStore.of("accounts", StoreOptions.capacity(10_000), time, Observer.none());

  private TwoWriters() {}

  /** Runs the example on the console. */
  public static void main(String[] args) throws Exception {
    run(System.out);
  }

  static void run(PrintStream out) throws Exception {
    new TwoWriters().write(out);
  }

  private void write(PrintStream out) throws InterruptedException {
    store.append(ACCOUNT, ExpectedEnd.none(), List.of(moved("opening", 100)), deadline);
    Slice ofA = store.read(ACCOUNT, 0, 1000, deadline);
    Slice ofB = store.read(ACCOUNT, 0, 1000, deadline);
    out.println("a and b read: " + described(ofA));

    Event eighty = moved("withdrawal-of-a", -80);
    out.println("a withdraws 80: " + append(ofA, eighty));
    AppendResult result = append(ofB, moved("withdrawal-of-b", -50));
    out.println("b withdraws 50: " + result);
    if (result instanceof AppendResult.Conflict) {
      Slice again = store.read(ACCOUNT, 0, 1000, deadline);
      out.println("b reads again: " + described(again) + "; 50 is too much");
    }
    out.println("a got no answer and appends the same again: " + append(ofA, eighty));
    out.println(described(store.read(ACCOUNT, 0, 1000, deadline)));
  }

  /** Appends what was decided upon all that was read. */
  private AppendResult append(Slice read, Event event) throws InterruptedException {
    return store.append(ACCOUNT, ExpectedEnd.exactly(read.end()), List.of(event), deadline);
  }

  private static Event moved(String id, int amount) {
    return Event.of(new MessageId(id), "money-moved", Bytes.utf8("" + amount));
  }

  private static String described(Slice read) {
    int balance = 0;
    for (Recorded recorded : read.events()) {
      balance += Integer.parseInt(recorded.event().payload().toUtf8());
    }
    return "balance " + balance + " after " + read.end() + (read.end() == 1 ? " event" : " events");
  }
}
