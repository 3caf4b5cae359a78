package dev.ashlar.messaging.jdbc;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.inbox.InboxOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A measurement, run by hand: sends messages one by one, and then handles each of them with an
 * inbox and an effect in one transaction.
 *
 * <p>Arguments: the database (memory, file, durable, postgresql), the number of messages, the
 * number of consumers.
 */
final class Throughput {

  private static final int CLAIM = 50;

  private final TimeSource time = TimeSource.system();
  private final IdSource ids = IdSource.of(time, Seeds.random(Seeds.next()));
  private final TestDatabase database;
  private final MessageQueue queue;
  private final JdbcInbox inbox;
  private final int messages;

  private Throughput(TestDatabase database, int messages) throws SQLException {
    this.database = database;
    this.messages = messages;
    database.change("CREATE TABLE IF NOT EXISTS test_effect (name VARCHAR(100) NOT NULL)");
    queue =
        JdbcQueue.of(
            database.source(), "speed", QueueOptions.capacity(1_000_000), time, Observer.none());
    inbox =
        JdbcInbox.of(
            database.source(),
            new InboxOptions("speed", Duration.ofDays(30), Duration.ofDays(14)),
            Observer.none());
  }

  /** Measures once. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("ashlar-throughput");
    TestDatabase database =
        switch (arguments[0]) {
          case "memory" -> TestDatabase.freshH2("");
          case "file" -> TestDatabase.h2In(folder, ";DB_CLOSE_DELAY=-1");
          case "durable" -> TestDatabase.h2In(folder, ";DB_CLOSE_DELAY=-1;WRITE_DELAY=0");
          default -> TestDatabase.postgresql();
        };
    int messages = Integer.parseInt(arguments[1]);
    int consumers = Integer.parseInt(arguments[2]);
    Throughput run = new Throughput(database, messages);
    run.report(arguments[0] + ": sent", run::send);
    run.report(arguments[0] + ": handled by " + consumers, () -> run.handle(consumers));
    long effects = database.number("SELECT COUNT(*) FROM test_effect");
    System.out.println("effects: " + effects + ", left: " + run.queue.depth(run.soon()));
  }

  private void report(String what, Work work) throws Exception {
    long start = time.nanos();
    Duration cpuBefore = cpu();
    work.run();
    Duration took = Duration.ofNanos(time.nanos() - start);
    Duration cpu = cpu().minus(cpuBefore);
    System.out.println(
        what
            + " "
            + messages
            + " in "
            + took
            + ", CPU "
            + cpu
            + ", each "
            + cpu.dividedBy(messages));
  }

  /** On a machine that others use too, this is what can be compared. */
  private static Duration cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private void send() throws InterruptedException {
    for (int i = 0; i < messages; i++) {
      Message message =
          Message.of(MessageId.next(ids), Bytes.owning(new byte[200])).withKey("order-" + i / 2);
      queue.send(message, soon());
    }
  }

  private void handle(int consumers) throws Exception {
    AtomicInteger left = new AtomicInteger(messages);
    ExecutorService executor = Executors.newFixedThreadPool(consumers);
    List<Future<Boolean>> ends = new ArrayList<>();
    for (int i = 0; i < consumers; i++) {
      ends.add(
          executor.submit(
              () -> {
                while (left.get() > 0) {
                  for (Delivery delivery : queue.receive(CLAIM, soon().shortenedTo(SHORT))) {
                    handle(delivery);
                    left.decrementAndGet();
                  }
                }
                return true;
              }));
    }
    for (Future<Boolean> end : ends) {
      end.get();
    }
    executor.shutdown();
  }

  private static final Duration SHORT = Duration.ofMillis(100);

  private void handle(Delivery delivery) throws InterruptedException {
    JdbcTransactions.of(database.source())
        .run(
            tx ->
                inbox.once(
                    tx, delivery.message(), () -> effect(tx, delivery.message().id().value())));
    delivery.settle(Outcome.done(), soon());
  }

  private static void effect(Connection tx, String name) throws SQLException {
    try (PreparedStatement statement =
        tx.prepareStatement("INSERT INTO test_effect (name) VALUES (?)")) {
      statement.setString(1, name);
      statement.executeUpdate();
    }
  }

  private Deadline soon() {
    return Deadline.after(Duration.ofMinutes(1), time);
  }

  @FunctionalInterface
  private interface Work {
    void run() throws Exception;
  }
}
