package dev.ashlar.messaging.testkit;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Codec;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.inbox.Inbox;
import dev.ashlar.messaging.inbox.InboxOptions;
import dev.ashlar.messaging.inbox.Once;
import dev.ashlar.messaging.outbox.Outbox;
import dev.ashlar.messaging.outbox.OutboxStore;
import java.time.Duration;
import java.util.Set;

/**
 * What an adapter tells the contract of inboxes about itself.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 *
 * @param <T> the transaction
 * @see InboxContract
 */
public abstract class InboxFixture<T> extends Contract {

  static final Duration HORIZON = Duration.ofDays(1);
  static final Duration RETENTION = Duration.ofDays(2);

  private static final IdSource IDS = IdSource.of(TimeSource.system(), Seeds.random(Seeds.next()));

  /** For the contract. */
  InboxFixture() {}

  /** Returns the database that the inbox and its effects are in. */
  protected abstract BusinessDatabase<T> database();

  /** Returns an inbox on that database, as a process makes it when it starts. */
  protected abstract Inbox<T> inbox(InboxOptions options);

  /** Returns an outbox in the same database. */
  protected abstract Outbox<T> outbox();

  /** Returns the relay's side of that outbox. */
  protected abstract OutboxStore outboxStore();

  /** Makes everything that the inbox has recorded older, because a database's clock cannot move. */
  protected abstract void age(Duration by) throws Exception;

  /** Returns how long, in real time, a test waits for what must come; less only for twins. */
  protected Duration patience() {
    return Duration.ofSeconds(30);
  }

  @Override
  protected Set<String> guarantees() {
    return Set.of();
  }

  static String freshName() {
    return "n" + IDS.text();
  }

  static MessageId freshId() {
    return MessageId.next(IDS);
  }

  /** An inbox of a consumer that no other test uses. */
  final Inbox<T> freshInbox() {
    return inbox(options(freshName()));
  }

  static InboxOptions options(String consumer) {
    return new InboxOptions(consumer, RETENTION, HORIZON);
  }

  final Deadline soon() {
    return Deadline.after(patience(), TimeSource.system());
  }

  /** Delivers a message: its work writes one effect and answers with a text. */
  final Once<String> deliver(Inbox<T> inbox, MessageId id, String body, String effect)
      throws Exception {
    T tx = database().begin();
    Once<String> once;
    try {
      once = once(inbox, tx, id, body, effect);
    } catch (Exception e) {
      database().rollback(tx);
      throw e;
    }
    database().commit(tx);
    return once;
  }

  final Once<String> once(Inbox<T> inbox, T tx, MessageId id, String body, String effect)
      throws Exception {
    Inbox.Work<String, Exception> work =
        () -> {
          database().effect(tx, effect);
          return "answer to " + body;
        };
    return inbox.once(tx, id, Bytes.utf8(body), Codec.utf8(), work);
  }

  final <R> R resultOf(String what, Background<R> task) throws Exception {
    Eventually.holds(what, patience(), task::isDone);
    return task.result();
  }
}
