package dev.ashlar.leases.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.ContainerTest;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.testkit.ClientPath;
import dev.ashlar.leases.testkit.ClientPath.Way;
import dev.ashlar.leases.testkit.ForwardingStore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.retry.RetryOneTime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A server that is well, and one client's path to it that swallows requests, answers or both, or
 * breaks; another client is told by the server what it really did.
 */
@ContainerTest
class ClientPathContainerTest {

  private static final TimeSource TIME = TimeSource.system();
  private static final IdSource IDS = IdSource.of(TIME, Seeds.random(Seeds.next()));
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** Short where it has to end, long where it must not. */
  private static final Duration SHORT = Duration.ofSeconds(4);

  private static final Duration LONG = Duration.ofSeconds(10);
  private static final Duration TERM = LONG.multipliedBy(2).dividedBy(3);

  private static ServerInContainer server;

  private final LeaseName name = new LeaseName("lease-" + IDS.text());
  private ClientPath path;

  @BeforeAll
  static void startServer() {
    server = new ServerInContainer();
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void openPath() {
    path = ClientPath.to("127.0.0.1", server.port());
  }

  @AfterEach
  void closePath() {
    path.close();
  }

  private ClosingStore near(Duration session, Observer observer) throws InterruptedException {
    CuratorFramework client =
        Server.client("127.0.0.1:" + path.port(), (int) session.toMillis(), new RetryOneTime(10));
    return ClosingStore.open(client, TIME, observer);
  }

  private ClosingStore near(Duration session) throws InterruptedException {
    return near(session, Observer.none());
  }

  private static ClosingStore far(Duration session) throws InterruptedException {
    return ClosingStore.open(server.client((int) session.toMillis()), TIME, Observer.none());
  }

  @Test
  void nothingGetsThrough() throws Exception {
    nothingIsLostWithout(Way.TO_SERVER, Way.TO_CLIENT);
  }

  /** What was kept back arrives late, in a session that is over. */
  @Test
  void noRequestGetsThrough() throws Exception {
    nothingIsLostWithout(Way.TO_SERVER);
  }

  /** The server goes on hearing from a holder that hears nothing. */
  @Test
  void noAnswerGetsThrough() throws Exception {
    nothingIsLostWithout(Way.TO_CLIENT);
  }

  private void nothingIsLostWithout(Way... ways) throws Exception {
    try (ClosingStore near = near(SHORT);
        ClosingStore far = far(SHORT)) {
      new Contest(SHORT).run(near, far, without(ways));
    }
  }

  private Contest.Trouble without(Way... ways) {
    return new Contest.Trouble() {
      @Override
      public void begin() {
        path.hold(ways);
      }

      @Override
      public void end() {
        path.heal();
      }
    };
  }

  /** The twin: what a contest asserts is not always so. */
  @Test
  void aHolderThatBelievesForTooLongIsSeen() throws Exception {
    try (ClosingStore near = near(SHORT);
        ClosingStore far = far(SHORT)) {
      LeaseStore credulous = new Credulous(near);
      assertThatThrownBy(
              () -> new Contest(SHORT).run(credulous, far, without(Way.TO_SERVER, Way.TO_CLIENT)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("beside");
    }
  }

  /** Whose grants last three times as long as the servers keep them. */
  private static final class Credulous extends ForwardingStore {
    Credulous(LeaseStore inner) {
      super(inner);
    }

    @Override
    public Answer<Grant> grant(Contender contender, Duration term, Deadline deadline)
        throws InterruptedException {
      return longer(super.grant(contender, term, deadline));
    }

    @Override
    public Answer<Grant> extend(Fence fence, Duration term, Deadline deadline)
        throws InterruptedException {
      return longer(super.extend(fence, term, deadline));
    }

    private static Answer<Grant> longer(Answer<Grant> answer) {
      return answer instanceof Answer.Done<Grant> done
          ? new Answer.Done<>(new Grant(done.value().fence(), done.value().term().multipliedBy(3)))
          : answer;
    }
  }

  @Test
  void aGrantWhoseAnswerIsLostIsUnknownAndThenTheSame() throws Exception {
    // What comes before that step is asked, and answered; then the place and the grant are written.
    try (ClosingStore near = near(LONG, holdingAnswersFrom("lease.zookeeper.enter"));
        ClosingStore far = far(LONG)) {
      Contender contender = contender("somebody");
      Background<Answer<Grant>> granting =
          background(() -> near.grant(contender, TERM, in(Duration.ofSeconds(1))));
      Fence granted = Eventually.value("the grant", PATIENCE, () -> holder(far));
      assertThat(granted.holder()).isEqualTo(contender);
      assertUnknown(granting);

      path.drop();
      path.heal();

      assertThat(answered(() -> near.grant(contender, TERM, in(PATIENCE)))).isEqualTo(granted);
      assertThat(far.grant(contender("other"), TERM, in(PATIENCE)))
          .isInstanceOf(Answer.Refused.class);
      assertThat(holder(far)).contains(granted);
    }
  }

  private Observer holdingAnswersFrom(String step) {
    AtomicBoolean once = new AtomicBoolean();
    return new Observer() {
      @Override
      public void step(String name) {
        if (name.equals(step) && once.compareAndSet(false, true)) {
          path.hold(Way.TO_CLIENT);
        }
      }
    };
  }

  @Test
  void aReleaseWhoseAnswerIsLostIsUnknownAndTakesNothingFromTheNext() throws Exception {
    try (ClosingStore near = near(LONG);
        ClosingStore far = far(LONG)) {
      Fence former = answered(() -> near.grant(contender("somebody"), TERM, in(PATIENCE)));
      Contender next = contender("next");
      path.hold(Way.TO_CLIENT);
      Background<Answer<Contender>> releasing =
          background(() -> near.release(former.holder(), in(Duration.ofSeconds(1))));
      Fence latter = answered(() -> far.grant(next, TERM, in(PATIENCE)));
      assertThat(latter.token()).isGreaterThan(former.token());
      assertUnknown(releasing);

      path.drop();
      path.heal();

      Eventually.holds(
          "a refusal",
          PATIENCE,
          () -> near.release(former.holder(), in(PATIENCE)) instanceof Answer.Refused);
      assertThat(answered(() -> far.extend(latter, TERM, in(PATIENCE)))).isEqualTo(latter);
    }
  }

  @Test
  void aPathThatBreaksEndsNoGrant() throws Exception {
    try (ClosingStore near = near(LONG)) {
      Fence granted = answered(() -> near.grant(contender("somebody"), TERM, in(PATIENCE)));

      path.drop();

      assertThat(answered(() -> near.extend(granted, TERM, in(PATIENCE)))).isEqualTo(granted);
    }
  }

  private Contender contender(String owner) {
    return Contender.of(name, owner, IDS);
  }

  private static Deadline in(Duration span) {
    return Deadline.after(span, TIME);
  }

  private static <T> Background<T> background(Callable<T> request) {
    return Background.start("request", request);
  }

  private Optional<Fence> holder(LeaseStore store) throws InterruptedException {
    return store.inspect(name, in(PATIENCE)) instanceof Answer.Done<Optional<Grant>> done
        ? done.value().map(Grant::fence)
        : Optional.empty();
  }

  /** Its deadline is what ends it. */
  private static <V> void assertUnknown(Background<Answer<V>> request) throws Exception {
    Eventually.holds("the end of a request", Duration.ofSeconds(5), request::isDone);
    assertThat(request.result()).isInstanceOf(Answer.Unknown.class);
    assertThat(((Answer.Unknown<V>) request.result()).failure().effect()).isEqualTo(Effect.UNKNOWN);
  }

  /** Asks until it is granted. */
  private static Fence answered(Callable<Answer<Grant>> request) throws Exception {
    return Eventually.value(
        "a grant",
        PATIENCE,
        () ->
            request.call() instanceof Answer.Done<Grant> done
                ? Optional.of(done.value().fence())
                : Optional.empty());
  }
}
