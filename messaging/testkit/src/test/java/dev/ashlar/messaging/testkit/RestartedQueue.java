package dev.ashlar.messaging.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Headers;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Guarantees;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.Settlement;
import dev.ashlar.messaging.disk.DiskQueue;
import dev.ashlar.messaging.journal.DiskOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A queue on disk whose process can be killed and started again under the hands of those who use
 * it: the files are copied as they are, which is what a killed process leaves, and opened. Twins
 * change what is left, or what is found.
 */
class RestartedQueue implements MessageQueue {

  private static final int SEGMENT_BYTES = 2 << 20;

  private final String name;
  private final QueueOptions options;
  private final Path folder;
  private final TimeSource time;
  private final Observer observer;
  private int lives;
  private volatile DiskQueue current;

  RestartedQueue(
      String name, QueueOptions options, Path folder, TimeSource time, Observer observer) {
    this.name = name;
    this.options = options;
    this.folder = folder;
    this.time = time;
    this.observer = new WithoutSteps(observer);
    this.current = opened();
  }

  private Path place() {
    return folder.resolve("life-" + lives);
  }

  private DiskQueue opened() {
    DiskOptions disk = DiskOptions.folder(place()).withSegmentBytes(SEGMENT_BYTES);
    return DiskQueue.open(name, options, disk, time, observer);
  }

  /** Kills the process and starts another one, unless somebody holds a message. */
  synchronized void restart() throws Exception {
    DiskQueue before = current;
    if (before.depth(Deadline.after(Duration.ofSeconds(10), time)).inFlight() > 0) {
      return;
    }
    Path left = left(place());
    lives++;
    copy(left, place());
    current = found(opened());
    before.close();
  }

  /** Returns the folder that the next process finds, of what the one before used. */
  Path left(Path used) {
    return used;
  }

  /** Returns what the next process makes of the queue that it has opened. */
  DiskQueue found(DiskQueue opened) throws Exception {
    return opened;
  }

  /** Opens an empty queue, as if there had been nothing before. */
  final DiskQueue opensEmpty() {
    lives++;
    return opened();
  }

  /** Copies the files as they are now. */
  final synchronized Path image() {
    try {
      Path image = Files.createTempDirectory(folder, "image");
      copy(place(), image);
      return image;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file that goes or gets its name meanwhile makes the copy one of no moment: once more. */
  private static void copy(Path from, Path to) throws IOException {
    boolean whole = false;
    while (!whole) {
      Files.createDirectories(to);
      for (Path file : files(to)) {
        Files.delete(file);
      }
      try {
        for (Path file : files(from)) {
          Files.copy(file, to.resolve(file.getFileName().toString()));
        }
        whole = true;
      } catch (NoSuchFileException gone) {
        whole = false;
      }
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  /** What the journal does when differs from run to run, and has tests of its own. */
  private record WithoutSteps(Observer inner) implements Observer {

    @Override
    public <T, X extends Exception> T around(Operation operation, Headers out, Body<T, X> body)
        throws X {
      return inner.around(operation, out, body);
    }

    @Override
    public void count(String event, long n) {
      inner.count(event, n);
    }

    @Override
    public void step(String step) {
      if (!step.startsWith("journal.") && !step.startsWith("queue.checkpoint")) {
        inner.step(step);
      }
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Guarantees guarantees() {
    return current.guarantees();
  }

  @Override
  public QueueOptions options() {
    return options;
  }

  @Override
  public SendResult trySend(Message message, Duration delay, Deadline deadline)
      throws InterruptedException {
    return current.trySend(message, delay, deadline);
  }

  @Override
  public SendResult.Ticket submit(Message message, Duration delay, Deadline deadline)
      throws InterruptedException {
    return current.submit(message, delay, deadline);
  }

  @Override
  public List<SendResult> sendAll(List<Message> messages, Deadline deadline)
      throws InterruptedException {
    return current.sendAll(messages, deadline);
  }

  @Override
  public List<Delivery> receive(int most, Deadline deadline) throws InterruptedException {
    while (true) {
      DiskQueue asked = current;
      try {
        return asked.receive(most, deadline);
      } catch (IllegalStateException e) {
        if (asked == current) {
          throw e;
        }
      }
    }
  }

  @Override
  public List<Settlement> settleAll(List<Delivery> deliveries, Outcome outcome, Deadline deadline)
      throws InterruptedException {
    return current.settleAll(deliveries, outcome, deadline);
  }

  @Override
  public DeadLetters deadLetters() {
    return current.deadLetters();
  }

  @Override
  public Depth depth(Deadline deadline) throws InterruptedException {
    return current.depth(deadline);
  }

  @Override
  public void close() {
    current.close();
  }
}
