package dev.ashlar.messaging.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.CrashPoints;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.consume.ConsumerOptions.Mode;
import dev.ashlar.messaging.consume.Handler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That a crash at any step costs what the mode says, and nothing else. */
abstract class CrashProperties extends ConsumerProperties {

  private static final MessageQueue.Depth NOTHING = new MessageQueue.Depth(0, 0, 0);

  @Test
  @Proves("QUEUE-24")
  void atMostOnceNoCrashOfAConsumerMakesAMessageHandledTwice() throws Exception {
    CrashPoints.forEach(() -> new Consuming(Mode.AT_MOST_ONCE));
  }

  @Test
  @Proves("QUEUE-25")
  void atLeastOnceNoCrashOfAConsumerLosesAMessage() throws Exception {
    CrashPoints.forEach(() -> new Consuming(Mode.AT_LEAST_ONCE));
  }

  @Test
  @Proves("QUEUE-25")
  void noCrashOfAProducerLosesAConfirmedMessage() throws Exception {
    CrashPoints.forEach(Producing::new);
  }

  /** A queue whose deliveries come back soon, because each run waits for it. */
  private QueueOptions quick() {
    return options().withVisibility(visibility().dividedBy(4));
  }

  /** A process that consumes two messages, and the one that runs after its death. */
  private final class Consuming implements CrashPoints.Run {
    private final Mode mode;
    private final String name = freshName();
    private final Journal journal = new Journal(time());
    private final List<MessageId> sent = new ArrayList<>();

    Consuming(Mode mode) {
      this.mode = mode;
    }

    @Override
    public void work(Observer observer) throws Exception {
      MessageQueue before = handle(name, quick(), Observer.none());
      sent.add(send(before, "first").id());
      sent.add(send(before, "second").id());
      MortalProcess process = new MortalProcess(observer);
      MessageQueue queue = process.uses(handle(name, quick(), process));
      Handler handler =
          (message, context) -> {
            process.effect(() -> journal.add(message, context.attempt()));
            return Outcome.done();
          };

      Running consumer =
          consume(queue, process.handles(handler), consumerOptions(process).withMode(mode));
      promptly(
          "the end of the work, or of the process",
          () -> process.isDead() || (journal.size() == 2 && before.depth(soon()).equals(NOTHING)));
      stop(consumer, in(visibility()));
    }

    @Override
    public void recover() throws Exception {
      MessageQueue queue = handle(name, quick(), Observer.none());
      Running consumer = consume(queue, noting(journal), consumerOptions().withMode(mode));
      eventually("an empty queue", () -> queue.depth(soon()).equals(NOTHING));
      stop(consumer, in(LONG));
      for (MessageId id : sent) {
        if (mode == Mode.AT_MOST_ONCE) {
          assertThat(journal.count(id)).as("times handled").isLessThanOrEqualTo(1);
        } else {
          assertThat(journal.count(id)).as("times handled").isGreaterThanOrEqualTo(1);
        }
      }
    }
  }

  /** A process that sends three messages, and the consumer that runs after its death. */
  private final class Producing implements CrashPoints.Run {
    private final String name = freshName();
    private final List<Message> confirmed = new ArrayList<>();
    private final List<Message> all =
        List.of(message("first"), message("second"), message("third"));

    @Override
    public void work(Observer observer) throws Exception {
      MortalProcess process = new MortalProcess(observer);
      MessageQueue queue = process.uses(handle(name, quick(), process));
      for (Message message : all) {
        send(queue, message);
        confirmed.add(message);
      }
    }

    @Override
    public void recover() throws Exception {
      MessageQueue queue = handle(name, quick(), Observer.none());
      Journal journal = new Journal(time());
      consume(queue, noting(journal));
      List<MessageId> mustCome = confirmed.stream().map(Message::id).toList();
      promptly("every confirmed message", () -> journal.ids().containsAll(mustCome));
      for (Message message : all) {
        if (!confirmed.contains(message)) {
          send(queue, message);
        }
      }
      List<MessageId> ids = all.stream().map(Message::id).toList();
      promptly("every message, sent again where unsure", () -> journal.ids().containsAll(ids));
      assertThat(ids).containsAll(journal.ids());
    }
  }
}
