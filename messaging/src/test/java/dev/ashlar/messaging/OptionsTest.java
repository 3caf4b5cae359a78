package dev.ashlar.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Criticality;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.consume.ConsumerOptions;
import dev.ashlar.messaging.inbox.InboxOptions;
import dev.ashlar.messaging.outbox.RelayOptions;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OptionsTest {

  private final SplittableRandom random = new SplittableRandom(1);
  private final TimeSource time = TimeSource.system();
  private final CallContext.Receiver receiver =
      new CallContext.Receiver(
          CallContext.Trust.PEER,
          Criticality.CRITICAL_PLUS,
          Duration.ofMinutes(1),
          IdSource.of(time, random),
          time,
          Observer.none());

  @Test
  void aQueueNamesTheBoundThatAnOptionBreaks() {
    assertThatThrownBy(() -> QueueOptions.capacity(0))
        .hasMessage("capacity: 0 (expected: 1 to 100000000)");
    assertThatThrownBy(() -> QueueOptions.capacity(1).withVisibility(Duration.ZERO))
        .hasMessage("visibility: PT0S (expected: PT0.001S to PT24H)");
    assertThatThrownBy(() -> QueueOptions.capacity(1).withAttemptsMax(0))
        .hasMessage("attemptsMax: 0 (expected: 1 to 1000)");
    assertThatThrownBy(() -> QueueOptions.capacity(1).withDeadKey(DeadKey.park(2)))
        .hasMessage("parkedMax: 2 (expected: 0 to 1)");
    assertThatThrownBy(() -> DeadKey.park(-1))
        .hasMessage("parkedMax: -1 (expected: 0 to the queue's capacity)");
    assertThat(QueueOptions.capacity(1).deadKey()).isEqualTo(DeadKey.skip());
    assertThat(DeadKey.block()).isEqualTo(DeadKey.park(0));
    assertThatThrownBy(() -> QueueOptions.capacity(1).withPayloadMaxBytes(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> QueueOptions.capacity(1).withLifetime(Duration.ofDays(366)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aConsumerOwnsAtLeastAsManyMessagesAsItHandles() {
    ConsumerOptions options = ConsumerOptions.of("stock", receiver, random);

    assertThat(options.withConcurrency(4, 16).inFlightMax()).isEqualTo(16);
    assertThatThrownBy(() -> options.withConcurrency(4, 3))
        .hasMessage("inFlightMax: 3 (expected: 4 to 100000)");
    assertThatThrownBy(() -> options.withHandlingMax(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anInboxThatForgetsBeforeTheHorizonCannotBeConfigured() {
    assertThatThrownBy(() -> new InboxOptions("stock", Duration.ofDays(6), Duration.ofDays(7)))
        .hasMessage(
            "retention: PT144H (expected: at least the redelivery horizon, PT168H, to PT87600H)");
    assertThat(new InboxOptions("stock", Duration.ofDays(7), Duration.ofDays(7)).consumer())
        .isEqualTo("stock");
  }

  @Test
  void oneExchangeOfARelayFitsTwiceIntoItsTurn() {
    RelayOptions options = RelayOptions.of("relay-1", time, Observer.none());

    assertThatThrownBy(() -> options.withTurn(Duration.ofSeconds(9), Duration.ofSeconds(5)))
        .hasMessage("sendMax: PT5S (expected: at most half the turn, PT9S)");
    assertThatThrownBy(() -> options.withBatch(0)).hasMessage("batch: 0 (expected: 1 to 1000)");
  }
}
