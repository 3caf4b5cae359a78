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
import dev.ashlar.messaging.QueueOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** Words that the tests of this package have in common. */
final class Fixtures {

  static final TimeSource TIME = TimeSource.system();
  static final IdSource IDS = IdSource.of(TIME, Seeds.random(Seeds.next()));

  /** Far more than anything takes, because a slow machine is no defect. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private Fixtures() {}

  static Deadline soon() {
    return Deadline.after(PATIENCE, TIME);
  }

  static Deadline in(Duration span) {
    return Deadline.after(span, TIME);
  }

  static Deadline over() {
    return Deadline.after(Duration.ZERO, TIME);
  }

  static String freshName() {
    return "n" + IDS.text();
  }

  static Message message(String text) {
    return Message.of(MessageId.next(IDS), Bytes.utf8(text));
  }

  static JdbcQueue queue(TestDatabase database, QueueOptions options, Observer observer) {
    return JdbcQueue.of(database.source(), freshName(), options, TIME, observer);
  }

  static JdbcQueue queue(TestDatabase database) {
    return queue(database, QueueOptions.capacity(100), Observer.none());
  }

  static Delivery next(JdbcQueue queue) throws InterruptedException {
    List<Delivery> deliveries = queue.receive(1, soon());
    if (deliveries.isEmpty()) {
      throw new AssertionError("a delivery: not within " + PATIENCE);
    }
    return deliveries.get(0);
  }

  static String text(Delivery delivery) {
    return delivery.message().payload().toUtf8();
  }

  static Duration since(long nanos) {
    return Duration.ofNanos(TIME.nanos() - nanos);
  }

  /** Runs a task in a daemon thread. */
  static <T> FutureTask<T> background(Callable<T> body) {
    FutureTask<T> task = new FutureTask<>(body);
    Thread thread = new Thread(task, "background");
    thread.setDaemon(true);
    thread.start();
    return task;
  }
}
