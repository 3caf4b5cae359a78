package dev.ashlar.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.journal.DiskException;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Journal;
import dev.ashlar.messaging.journal.JournalReader;
import dev.ashlar.messaging.journal.Payload;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A journal in two folders, as on two disks. One of them rots and loses a file: everything is still
 * read, and the copy is repaired. Then the other one is lost altogether, and an empty one takes its
 * place.
 *
 * <pre>
 * 200 orders accepted; a and b hold the same
 * in a, a byte is flipped and a file deleted
 *   with a alone: refused, VANISHED
 *   with a and b: 200 orders read; a and b hold the same
 * b is lost, and an empty disk c takes its place
 *   with a and c: 200 orders read; a and c hold the same
 *   with c alone: 200 orders read
 * </pre>
 */
public final class LostDisk {

  private static final TimeSource TIME = TimeSource.system();
  private static final int ORDERS = 200;

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
    write(options("a", "b"));
    out.println(ORDERS + " orders accepted; " + compared("a", "b"));

    List<Path> files = files("a");
    flip(files.get(0), Files.size(files.get(0)) / 2);
    Files.delete(files.get(1));
    out.println("in a, a byte is flipped and a file deleted");
    out.println("  with a alone: " + read(options("a")));
    out.println("  with a and b: " + read(options("a", "b")) + "; " + compared("a", "b"));

    delete(root.resolve("b"));
    out.println("b is lost, and an empty disk c takes its place");
    out.println("  with a and c: " + read(options("a", "c")) + "; " + compared("a", "c"));
    out.println("  with c alone: " + read(options("c")));
  }

  /** Files as small as may be, so that there are several; 64 MiB is the default. */
  private DiskOptions options(String... disks) {
    Path[] folders = Stream.of(disks).map(root::resolve).toArray(Path[]::new);
    return DiskOptions.mirrors(folders).withSegmentBytes(64 << 10);
  }

  private static void write(DiskOptions options) throws InterruptedException {
    Deadline deadline = Deadline.after(Duration.ofSeconds(30), TIME);
    try (Journal journal = Journal.open(options, TIME, Observer.none())) {
      for (int i = 0; i < ORDERS; i++) {
        Payload order = Payload.of(Bytes.utf8("order-" + i + " ".repeat(1000)));
        if (!journal.append(order, deadline).await(deadline)) {
          throw new IllegalStateException("order-" + i + ": no answer in time");
        }
      }
    }
  }

  private static String read(DiskOptions options) {
    List<String> orders = new ArrayList<>();
    try (Journal journal = Journal.open(options, TIME, Observer.none());
        JournalReader reader = journal.reader(0)) {
      int count;
      do {
        count =
            reader.read(
                (number, array, offset, length) ->
                    orders.add(new String(array, offset, length, UTF_8)));
      } while (count > 0);
      return orders.size() + " orders read";
    } catch (DiskException e) {
      return "refused, " + e.reason();
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
