package dev.ashlar.leases.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.LeaseStore;
import java.util.Optional;
import org.apache.curator.retry.RetryForever;
import org.junit.jupiter.api.Test;

/**
 * The property LEASE-27: a client that tries everything again, over connections that end after a
 * request was carried out and before it was answered.
 */
abstract class ZooKeeperRetriesProperties extends SessionFixture {

  /** A holder's, who does not renew while another one finds its server again. */
  private static final int LONG_SESSION_MILLIS = 30_000;

  private ClosingStore retrying() throws InterruptedException {
    return keep(
        ClosingStore.open(
            server.client(Server.SESSION_MILLIS, new RetryForever(5)), TIME, Observer.none()));
  }

  private static <V> void assertUnknown(Answer<V> answer) {
    assertThat(answer).isInstanceOf(Answer.Unknown.class);
    assertThat(((Answer.Unknown<V>) answer).failure().effect()).isEqualTo(Effect.UNKNOWN);
  }

  @Test
  @Proves("LEASE-27")
  void aGrantWhoseAnswerWasLostIsMadeOnce() throws Exception {
    LeaseStore store = seen(retrying());
    Contender warm = contender("warm");
    done(store.grant(warm, TERM, soon()));
    store.release(warm, soon());
    Contender contender = contender("somebody");

    server.loseNextAnswer();
    assertUnknown(store.grant(contender, TERM, soon()));

    Fence fence = done(answered(() -> Optional.of(store.grant(contender, TERM, soon())))).fence();
    assertThat(fence.holder()).isEqualTo(contender);
    assertThat(ownersInQueue()).hasSize(1);
    LeaseStore others = process();
    assertThat(refused(others.grant(contender("other"), TERM, soon()))).contains(fence);
    assertThat(done(store.grant(contender, TERM, soon())).fence()).isEqualTo(fence);
  }

  @Test
  @Proves("LEASE-27")
  void aPlaceWhoseAnswerWasLostIsTakenOnce() throws Exception {
    ClosingStore holder =
        keep(ClosingStore.open(server.client(LONG_SESSION_MILLIS), TIME, Observer.none()));
    Fence held = done(holder.grant(contender("holder"), TERM, soon())).fence();
    LeaseStore store = seen(retrying());
    Contender contender = contender("somebody");

    server.loseNextAnswer();
    assertUnknown(store.grant(contender, TERM, soon()));

    Answer<Grant> again = answered(() -> Optional.of(store.grant(contender, TERM, soon())));
    assertThat(refused(again)).contains(held);
    assertThat(ownersInQueue()).hasSize(2);
    store.release(contender, soon());
    assertThat(ownersInQueue()).hasSize(1);
  }

  @Test
  @Proves("LEASE-27")
  void anExtensionWhoseAnswerWasLostChangesNoToken() throws Exception {
    LeaseStore store = seen(retrying());
    Fence fence = done(store.grant(contender("somebody"), TERM, soon())).fence();

    server.loseNextAnswer();
    assertUnknown(store.extend(fence, TERM, soon()));

    Answer<Grant> again = answered(() -> Optional.of(store.extend(fence, TERM, soon())));
    assertThat(done(again).fence()).isEqualTo(fence);
  }

  @Test
  @Proves("LEASE-27")
  void aReleaseWhoseAnswerWasLostDoesNotTouchTheSuccessor() throws Exception {
    LeaseStore store = seen(retrying());
    Contender former = contender("same");
    done(store.grant(former, TERM, soon()));

    server.loseNextAnswer();
    assertUnknown(store.release(former, soon()));

    LeaseStore others = process();
    Fence next = done(others.grant(contender("same"), TERM, soon())).fence();
    answered(
        () ->
            Optional.of(store.release(former, soon()))
                .filter(answer -> !(answer instanceof Answer.Unknown))
                .map(answer -> new Answer.Refused<Grant>(Optional.empty())));
    assertThat(done(others.extend(next, TERM, soon())).fence()).isEqualTo(next);
    assertThat(refused(store.grant(contender("late"), TERM, soon()))).contains(next);
  }
}
