package dev.ashlar.examples;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.disk.DiskQueue;
import dev.ashlar.messaging.journal.DiskException;
import dev.ashlar.messaging.journal.DiskOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A queue in two folders, as on two disks. One of them rots and loses a file: every message is
 * still delivered, and the copy is repaired. Then the other disk is lost altogether, and an empty
 * one takes its place.
 *
 * <pre>
 * 200 orders accepted; a and b hold the same
 * in a, a byte is flipped and a file deleted
 *   with a alone: VANISHED after 0 orders
 *   with a and b: all orders come; a and b hold the same
 * b is lost, and an empty disk c takes its place
 *   with a and c: all orders come; a and c hold the same
 *   with c alone: all orders come
 * </pre>
 */
public final class LostDisk {

  private static final TimeSource TIME = TimeSource.system();
  private static final int ORDERS = 200;

  private final Deadline deadline = Deadline.after(Duration.ofSeconds(60), TIME);
  private final Path root;
  private final PrintStream out;

  private LostDisk(Path root, PrintStream out) {
    this.root = root;
    this.out = out;
  }

  /** Runs the example on the console. */
  public static void main(String[] args) throws Exception {
    run(System.out);
  }

  static void run(PrintStream out) throws Exception {
    Path root = Files.createTempDirectory("lost-disk");
    try {
      new LostDisk(root, out).run();
    } finally {
      delete(root);
    }
  }

  private void run() throws Exception {
    try (MessageQueue queue = open("a", "b")) {
      send(queue);
    }
    out.println(ORDERS + " orders accepted; " + compared("a", "b"));

    List<Path> files = files("a");
    flip(files.get(0), Files.size(files.get(0)) / 2);
    Files.delete(files.get(1));
    out.println("in a, a byte is flipped and a file deleted");
    out.println("  with a alone: " + received("a"));
    out.println("  with a and b: " + received("a", "b") + "; " + compared("a", "b"));

    delete(root.resolve("b"));
    out.println("b is lost, and an empty disk c takes its place");
    out.println("  with a and c: " + received("a", "c") + "; " + compared("a", "c"));
    out.println("  with c alone: " + received("c"));
  }

  /** Files as small as may be, so that there are several; 64 MiB is the default. */
  private MessageQueue open(String... disks) {
    Path[] folders = Stream.of(disks).map(root::resolve).toArray(Path[]::new);
    DiskOptions files = DiskOptions.mirrors(folders).withSegmentBytes(64 << 10);
    QueueOptions options = QueueOptions.capacity(10_000).withPayloadMaxBytes(2000);
    return DiskQueue.open("orders", options, files, TIME, Observer.none());
  }

  private void send(MessageQueue queue) throws InterruptedException {
    for (int i = 1; i <= ORDERS; i++) {
      Bytes order = Bytes.utf8("order-" + i + ", " + "with what belongs to it ".repeat(40));
      queue.send(Message.of(new MessageId("order-" + i), order), deadline);
    }
  }

  private String received(String... disks) throws InterruptedException {
    int next = 1;
    try (MessageQueue queue = open(disks)) {
      while (next <= ORDERS) {
        for (Delivery delivery : queue.receive(1, deadline)) {
          String expected = "order-" + next + ", ";
          if (!delivery.message().payload().toUtf8().startsWith(expected)) {
            return delivery.message().id() + " instead of order-" + next;
          }
          next++;
        }
      }
      return "all orders come";
    } catch (DiskException e) {
      return e.reason() + " after " + (next - 1) + " orders";
    }
  }

  private static void flip(Path file, long at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) at] ^= 1;
    Files.write(file, bytes);
  }

  private String compared(String one, String other) throws IOException {
    List<Path> left = files(one);
    List<Path> right = files(other);
    boolean same = left.size() == right.size();
    for (int i = 0; same && i < left.size(); i++) {
      same = Files.mismatch(left.get(i), right.get(i)) < 0;
    }
    return one + " and " + other + (same ? " hold the same" : " differ");
  }

  private List<Path> files(String disk) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve(disk))) {
      return files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
