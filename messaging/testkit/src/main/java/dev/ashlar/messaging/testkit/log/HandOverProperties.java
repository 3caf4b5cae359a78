package dev.ashlar.messaging.testkit.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Criticality;
import dev.ashlar.core.Headers;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.consume.Handler;
import dev.ashlar.messaging.log.AppendResult;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.LogConsumerOptions;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.Poison;
import dev.ashlar.messaging.log.StartAt;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an observer is told of appending and handling, and what it adds to what is appended. */
abstract class HandOverProperties extends ConsumingProperties {

  private final TellingObserver observer = new TellingObserver();

  private EventLog observed() throws Exception {
    return log(LogOptions.partitions(1).withPayloadMaxBytes(1000), observer);
  }

  private CallContext request() {
    return CallContext.root(IdSource.system(), soon(), "test");
  }

  private List<Message> messages(EventLog log) throws InterruptedException {
    return drain(reader(log, StartAt.beginning())).stream().map(LogRecord::message).toList();
  }

  private static String appending(EventLog log, String ending) {
    return "PRODUCER " + log.name() + " NONE " + ending;
  }

  @Test
  @Proves("LOG-19")
  void aMessageIsHandedOverOnceAndIsReadWithTheHeadersThatTheObserverGives() throws Exception {
    EventLog log = observed();
    Message sent = message("one").withHeaders(Headers.of("Own", "kept"));
    CallContext request = request();

    request.call(() -> log.append(sent, soon()));
    Message read = messages(log).get(0);

    assertThat(read.headers())
        .isEqualTo(request.storedInto(sent.headers()).with(TellingObserver.MARK, "1"));
    assertThat(read.withHeaders(sent.headers())).isEqualTo(sent);
    assertThat(observer.endings()).containsExactly(appending(log, "ok"));
  }

  @Test
  @Proves("LOG-19")
  void eachMessageOfABatchIsHandedOver() throws Exception {
    EventLog log = observed();

    log.appendAll(List.of(message("one"), message("two"), message("three")), soon());

    assertThat(messages(log))
        .extracting(message -> message.headers().first(TellingObserver.MARK))
        .containsExactlyInAnyOrder(Optional.of("1"), Optional.of("2"), Optional.of("3"));
    assertThat(observer.endings()).hasSize(3).containsOnly(appending(log, "ok"));
  }

  @Test
  @Proves("LOG-19")
  void whatWasHandedOverBeforeIsAppendedAsItIs() throws Exception {
    EventLog log = observed();
    Message stored = message("one").withContext(request());
    Message another = message("two").withContext(request());

    request().call(() -> log.append(stored, soon()));
    log.appendAll(List.of(another), soon());

    assertThat(messages(log)).containsExactly(stored, another);
    assertThat(observer.endings()).isEmpty();
  }

  @Test
  @Proves("LOG-19")
  void aRefusedAppendSaysSo() throws Exception {
    EventLog log = observed();
    append(log, "one");

    assertThat(log.tryAppend(message("x".repeat(2_000_000)), soon()))
        .isInstanceOf(AppendResult.Refused.class);

    assertThat(observer.endings()).containsExactly(appending(log, "ok"), appending(log, "refused"));
  }

  @Test
  @Proves("LOG-20")
  void aHandlingOfARecordSaysHowItEnded() throws Exception {
    EventLog log = log();
    append(log, "one");
    append(log, "two");
    Handler handler =
        (message, context) -> {
          if (message.payload().toUtf8().equals("two")) {
            return Outcome.done();
          }
          return switch (context.attempt()) {
            case 1 -> new Outcome.Retry(Duration.ZERO, "on purpose");
            case 2 -> throw new IllegalStateException("on purpose");
            default -> new Outcome.DeadLetter("on purpose");
          };
        };

    consume(log, "group", handler, observedOptions().withPoison(9, new Poison.Skip()));
    eventually("the whole", () -> lag(log, "group") == 0);

    String handling = "CONSUMER " + log.name() + " REFERENCE ";
    assertThat(observer.endings())
        .containsExactlyInAnyOrder(
            handling + "retry", handling + "threw", handling + "dead-letter", handling + "ok");
  }

  private LogConsumerOptions observedOptions() {
    return consumerOptions(
        new CallContext.Receiver(
            CallContext.Trust.PEER,
            Criticality.CRITICAL_PLUS,
            Duration.ofMinutes(1),
            IdSource.system(),
            time(),
            observer));
  }
}
