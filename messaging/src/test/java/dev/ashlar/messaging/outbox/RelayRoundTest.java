package dev.ashlar.messaging.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Advice;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.SendResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RelayRoundTest {

  private final RowsInMemory store = new RowsInMemory();
  private final ScriptedQueue stock = new ScriptedQueue();
  private final ScriptedQueue payment = new ScriptedQueue();
  private final Map<String, MessageQueue> queues = Map.of("stock", stock, "payment", payment);
  private final RelayRound round =
      new RelayRound(
          store,
          name -> Optional.ofNullable(queues.get(name)),
          RelayOptions.of("relay-1", TimeSource.system(), Observer.none()));

  @Test
  void rowsThatNeverFailedGoInOneExchangePerDestinationInTheirOrder() throws Exception {
    store.add("stock", "a", 0);
    store.add("payment", "a", 0);
    store.add("stock", "b", 0);

    assertThat(round.run()).isTrue();

    assertThat(stock.exchanges).containsExactly(List.of("m-1", "m-3"));
    assertThat(payment.exchanges).containsExactly(List.of("m-2"));
    assertThat(store.sent).containsExactlyInAnyOrder(1L, 2L, 3L);
  }

  @Test
  void aRowThatFailedBeforeGoesAloneSoThatItCannotFailOthers() throws Exception {
    store.add("stock", "", 0);
    store.add("stock", "", 3);
    store.add("stock", "", 0);

    round.run();

    assertThat(stock.exchanges).containsExactly(List.of("m-1"), List.of("m-2"), List.of("m-3"));
  }

  @Test
  void afterAFailureLaterRowsOfTheKeyWaitAndOtherKeysGoOn() throws Exception {
    stock.answers.put("m-1", ScriptedQueue.refused(new Advice.Transient()));
    store.add("stock", "a", 1);
    store.add("stock", "a", 0);
    store.add("stock", "b", 0);

    round.run();

    assertThat(stock.exchanges).containsExactly(List.of("m-1"), List.of("m-3"));
    assertThat(store.sent).containsExactly(3L);
    assertThat(store.failures).containsExactly("1 PT0.4S");
  }

  @Test
  void aQueueThatDoesNotAnswerIsLeftAloneForTheRoundAndOthersAreServed() throws Exception {
    stock.away = true;
    store.add("stock", "a", 1);
    store.add("stock", "b", 0);
    store.add("payment", "a", 0);

    assertThat(round.run()).isTrue();

    assertThat(stock.exchanges).hasSize(1);
    assertThat(store.sent).containsExactly(3L);
  }

  @Test
  void aRefusalForGoodParksTheRowAndOverloadNeverDoes() throws Exception {
    stock.answers.put("m-1", ScriptedQueue.refused(new Advice.Permanent()));
    stock.answers.put("m-2", ScriptedQueue.refused(new Advice.Overloaded(Duration.ZERO)));
    store.add("stock", "", 0);
    store.add("stock", "", 0);

    round.run();

    assertThat(store.failures).containsExactly("1 parked", "2 PT0.2S");
  }

  @Test
  void theWaitAfterFailuresDoublesUpToItsBound() throws Exception {
    SendResult refused = ScriptedQueue.refused(new Advice.Transient());
    for (int attempts : new int[] {0, 1, 7, 8, 60, 1_000_000}) {
      store.add("stock", "", attempts);
      stock.answers.put("m-" + store.rows.size(), refused);
    }

    round.run();

    assertThat(store.failures)
        .containsExactly("1 PT0.2S", "2 PT0.4S", "3 PT25.6S", "4 PT30S", "5 PT30S", "6 PT30S");
  }

  @Test
  void aDestinationThatNobodyKnowsDelaysItsRowsAndLosesNone() throws Exception {
    store.add("nowhere", "", 0);
    store.add("stock", "", 0);

    round.run();

    assertThat(store.sent).containsExactly(2L);
    assertThat(store.failures).containsExactly("1 PT0.2S");
  }

  @Test
  void withoutTheTurnNothingIsSent() throws Exception {
    store.hasTurn = false;
    store.add("stock", "", 0);

    assertThat(round.run()).isFalse();
    round.end();

    assertThat(stock.exchanges).isEmpty();
    assertThat(store.givenBack).isZero();
  }

  @Test
  void aTurnThatWasLostBeforeMarkingIsNoProgress() throws Exception {
    store.turnIsLostBeforeMarking = true;
    store.add("stock", "", 0);

    assertThat(round.run()).isFalse();
    round.end();

    assertThat(store.givenBack).isEqualTo(1);
  }
}
