package dev.ashlar.messaging.disk;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Journal;
import dev.ashlar.messaging.journal.Payload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Messages through a queue on disk, from send to settlement, beside plain durable appends of the
 * same size by as many threads: {@code FOLDER SECONDS}. Not a test: figures are for who asks.
 */
public final class QueueSpeed {

  private static final TimeSource TIME = TimeSource.system();
  private static final int THREADS = 8;

  private QueueSpeed() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    Duration span = Duration.ofSeconds(Long.parseLong(args[1]));
    for (int round = 0; round < 3; round++) {
      long appends = appends(folder.resolve("journal-" + round), span);
      long single = through(folder.resolve("one-" + round), span, 1);
      long hundreds = through(folder.resolve("hundred-" + round), span, 100);
      System.out.printf(
          "appends %d/s, one at a time %d/s (%.2f), by 100 %d/s%n",
          appends, single, (double) single / appends, hundreds);
    }
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(30), TIME);
  }

  private interface Work {
    int run() throws InterruptedException;
  }

  private static long perSecond(List<Work> works, List<Work> others, Duration span)
      throws InterruptedException {
    AtomicLong counted = new AtomicLong();
    AtomicLong ignored = new AtomicLong();
    Deadline end = Deadline.after(span, TIME);
    long start = TIME.nanos();
    List<Thread> threads = new ArrayList<>();
    works.forEach(each -> threads.add(repeat(each, counted, end)));
    others.forEach(each -> threads.add(repeat(each, ignored, end)));
    for (Thread each : threads) {
      each.join();
    }
    return counted.get() * 1_000_000_000L / (TIME.nanos() - start);
  }

  private static Thread repeat(Work work, AtomicLong count, Deadline end) {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (!end.hasExpired()) {
                  count.addAndGet(work.run());
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    thread.start();
    return thread;
  }

  private static long appends(Path folder, Duration span) throws InterruptedException {
    try (Journal journal = Journal.open(DiskOptions.folder(folder), TIME, Observer.none())) {
      Payload record = Payload.of(Bytes.owning(new byte[100]));
      List<Work> works = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        works.add(
            () -> {
              journal.append(record, soon()).await(soon());
              return 1;
            });
      }
      return perSecond(works, List.of(), span);
    }
  }

  private static long through(Path folder, Duration span, int batch) throws InterruptedException {
    QueueOptions options = QueueOptions.capacity(20_000);
    try (DiskQueue queue =
        DiskQueue.open("speed", options, DiskOptions.folder(folder), TIME, Observer.none())) {
      List<Work> sends = new ArrayList<>();
      List<Work> receives = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        sends.add(() -> send(queue, batch));
        receives.add(() -> receive(queue, batch));
      }
      return perSecond(receives, sends, span);
    }
  }

  private static Message message() {
    return Message.of(MessageId.next(IdSource.system()), Bytes.owning(new byte[100]));
  }

  private static int send(DiskQueue queue, int batch) throws InterruptedException {
    if (batch == 1) {
      queue.trySend(message(), Duration.ZERO, Deadline.after(Duration.ofMillis(100), TIME));
      return 1;
    }
    List<Message> messages = new ArrayList<>(batch);
    for (int i = 0; i < batch; i++) {
      messages.add(message());
    }
    List<SendResult> results =
        queue.sendAll(messages, Deadline.after(Duration.ofMillis(100), TIME));
    return results.size();
  }

  private static int receive(DiskQueue queue, int batch) throws InterruptedException {
    List<Delivery> deliveries = queue.receive(batch, Deadline.after(Duration.ofMillis(100), TIME));
    if (!deliveries.isEmpty()) {
      queue.settleAll(deliveries, Outcome.done(), soon());
    }
    return deliveries.size();
  }
}
