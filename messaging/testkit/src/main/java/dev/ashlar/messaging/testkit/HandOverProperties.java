package dev.ashlar.messaging.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Headers;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an observer is told of sending and handling, and what it adds to what is sent. */
abstract class HandOverProperties extends CrashProperties {

  private final MarkingObserver observer = new MarkingObserver();

  private CallContext request() {
    return CallContext.root(IdSource.system(), soon(), "test");
  }

  @Test
  @Proves("QUEUE-32")
  void aMessageIsHandedOverOnceAndArrivesWithTheHeadersThatTheObserverGives() throws Exception {
    MessageQueue queue = queue(options(), observer);
    Message sent = message("one").withHeaders(Headers.of("Own", "kept"));
    CallContext request = request();

    request.call(() -> send(queue, sent));
    Message arrived = next(queue).message();

    assertThat(arrived.headers())
        .isEqualTo(request.storedInto(sent.headers()).with(MarkingObserver.MARK, "1"));
    assertThat(arrived.withHeaders(sent.headers())).isEqualTo(sent);
    assertThat(observer.endings()).containsExactly("PRODUCER " + queue.name() + " NONE ok");
  }

  @Test
  @Proves("QUEUE-32")
  void eachMessageOfABatchIsHandedOver() throws Exception {
    MessageQueue queue = queue(options(), observer);

    queue.sendAll(List.of(message("one"), message("two"), message("three")), soon());
    List<Message> arrived = take(queue, 3);

    assertThat(arrived)
        .extracting(message -> message.headers().first(MarkingObserver.MARK))
        .containsExactlyInAnyOrder(Optional.of("1"), Optional.of("2"), Optional.of("3"));
    assertThat(observer.endings()).hasSize(3).containsOnly("PRODUCER " + queue.name() + " NONE ok");
  }

  @Test
  @Proves("QUEUE-32")
  void whatWasHandedOverBeforeIsBroughtOnAsItIs() throws Exception {
    MessageQueue queue = queue(options(), observer);
    Message stored = message("one").withContext(request());
    Message another = message("two").withContext(request());

    request().call(() -> send(queue, stored));
    queue.sendAll(List.of(another, message("three").withContext(request())), soon());

    assertThat(take(queue, 3)).contains(stored, another);
    assertThat(observer.endings()).isEmpty();
  }

  @Test
  @Proves("QUEUE-32")
  void aRefusedSendingSaysSo() throws Exception {
    QueueOptions tight = QueueOptions.capacity(1).withVisibility(visibility());
    MessageQueue queue = queue(tight, observer);
    send(queue, "one");

    assertThat(queue.trySend(message("two"), Duration.ZERO, atOnce()))
        .isInstanceOf(SendResult.Refused.class);

    assertThat(observer.endings())
        .containsExactly(
            "PRODUCER " + queue.name() + " NONE ok", "PRODUCER " + queue.name() + " NONE refused");
  }

  @Test
  @Proves("QUEUE-33")
  void aHandlingSaysHowItEnded() throws Exception {
    MessageQueue queue = queue();
    send(queue, "one");

    consume(
        queue,
        (message, context) ->
            switch (context.attempt()) {
              case 1 -> retry(Duration.ZERO);
              case 2 -> throw new IllegalStateException("on purpose");
              default -> new Outcome.DeadLetter("on purpose");
            },
        consumerOptions(observer));
    eventually("the dead letter", () -> queue.depth(soon()).dead() == 1);

    String handling = "CONSUMER " + queue.name() + " REFERENCE ";
    assertThat(observer.endings())
        .containsExactly(handling + "retry", handling + "threw", handling + "dead-letter");
  }

  @Test
  @Proves("QUEUE-33")
  void aHandlingThatIsDoneEndedWell() throws Exception {
    MessageQueue queue = queue();
    send(queue, "one");

    consume(queue, noting(new Journal(time())), consumerOptions(observer));
    eventually("the end", () -> !observer.endings().isEmpty());

    assertThat(observer.endings()).containsExactly("CONSUMER " + queue.name() + " REFERENCE ok");
  }
}
