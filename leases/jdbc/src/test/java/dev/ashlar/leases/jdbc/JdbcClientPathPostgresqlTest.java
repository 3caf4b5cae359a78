package dev.ashlar.leases.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.FencingToken;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LossCause;
import dev.ashlar.leases.guard.Standing;
import dev.ashlar.leases.keep.Acquisition;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import dev.ashlar.leases.testkit.ClientPath;
import dev.ashlar.leases.testkit.ClientPath.Way;
import java.net.URI;
import java.sql.Connection;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A database that is well, and one process's path to it that swallows requests, answers or both;
 * the database itself, asked directly, says what it has committed.
 */
@Tag("engine")
@ResourceLock("postgresql")
class JdbcClientPathPostgresqlTest {

  private static final TimeSource TIME = TimeSource.system();
  private static final IdSource IDS = IdSource.of(TIME, Seeds.random(Seeds.next()));
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration TERM = Duration.ofSeconds(2);
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration ASKED = Duration.ofSeconds(1);
  private static final int CONNECT_SECONDS = 2;
  private static final int CANCEL_SECONDS = 1;

  /**
   * A request's deadline, the grace that the network gets, and what the driver waits for the
   * cancelling of a statement, over another connection; and a second for a busy machine.
   */
  private static final Duration ENDS_WITHIN =
      ASKED.plusSeconds(2).plusSeconds(2 * CANCEL_SECONDS).plusSeconds(1);

  private final TestDatabase database = TestDatabase.postgresql();
  private final JdbcLeaseStore direct = JdbcLeaseStore.of(database.source(), Observer.none());
  private final LeaseName name = new LeaseName("lease-" + IDS.text());
  private ClientPath path;
  private LendingSource source;

  @BeforeEach
  void openPath() throws Exception {
    PGSimpleDataSource driver = new PGSimpleDataSource();
    int port;
    try (Connection connection = database.source().getConnection()) {
      String url = connection.getMetaData().getURL();
      port = URI.create(url.substring("jdbc:".length())).getPort();
      driver.setURL(url);
    }
    path = ClientPath.to("127.0.0.1", port);
    driver.setServerNames(new String[] {"127.0.0.1"});
    driver.setPortNumbers(new int[] {path.port()});
    driver.setUser("postgres");
    driver.setConnectTimeout(CONNECT_SECONDS);
    driver.setLoginTimeout(CONNECT_SECONDS);
    driver.setCancelSignalTimeout(CANCEL_SECONDS);
    source = new LendingSource(driver);
    // The first grant ever of a name is three statements, and all others are one.
    direct.release(
        done(direct.grant(contender("first"), LONG, in(PATIENCE))).holder(), in(PATIENCE));
  }

  @AfterEach
  void everyConnectionWasGivenBack() throws Exception {
    path.heal();
    Eventually.holds("no request goes on", PATIENCE, () -> source.lent() == 0);
    source.close();
    path.close();
  }

  private Contender contender(String owner) {
    return Contender.of(name, owner, IDS);
  }

  private static Deadline in(Duration span) {
    return Deadline.after(span, TIME);
  }

  private static Fence done(Answer<Grant> answer) {
    assertThat(answer).isInstanceOf(Answer.Done.class);
    return ((Answer.Done<Grant>) answer).value().fence();
  }

  /** Returns who has the lease, as the database says. */
  private Optional<Fence> holder() throws InterruptedException {
    return direct.inspect(name, in(PATIENCE)) instanceof Answer.Done<Optional<Grant>> done
        ? done.value().map(Grant::fence)
        : Optional.empty();
  }

  private Fence committed() throws Exception {
    return Eventually.value("a grant that is committed", PATIENCE, this::holder);
  }

  private static <T> Background<T> background(Callable<T> request) {
    return Background.start("request", request);
  }

  private static <T> T ended(Background<T> request) throws Exception {
    Eventually.holds("the end of a request", ENDS_WITHIN, request::isDone);
    return request.result();
  }

  private static <V> void assertUnknown(Answer<V> answer) {
    assertThat(answer).isInstanceOf(Answer.Unknown.class);
    assertThat(((Answer.Unknown<V>) answer).failure().effect()).isEqualTo(Effect.UNKNOWN);
  }

  @Test
  void aGrantWhoseAnswerIsLostAfterTheCommitIsUnknownAndThenTheSame() throws Exception {
    JdbcLeaseStore store = JdbcLeaseStore.of(source, Observer.none());
    Contender contender = contender("somebody");
    path.hold(Way.TO_CLIENT);
    Background<Answer<Grant>> granting = background(() -> store.grant(contender, LONG, in(ASKED)));

    Fence committed = committed();
    assertThat(committed.holder()).isEqualTo(contender);
    assertUnknown(ended(granting));
    path.drop();
    path.heal();

    assertThat(done(store.grant(contender, LONG, in(PATIENCE)))).isEqualTo(committed);
    assertThat(direct.grant(contender("other"), LONG, in(PATIENCE)))
        .isInstanceOf(Answer.Refused.class);
    assertThat(holder()).contains(committed);
    assertThat(committed.token()).isEqualTo(new FencingToken(2));
  }

  @Test
  void aReleaseWhoseAnswerIsLostIsUnknownAndTakesNothingFromTheNext() throws Exception {
    JdbcLeaseStore store = JdbcLeaseStore.of(source, Observer.none());
    Fence former = done(store.grant(contender("somebody"), LONG, in(PATIENCE)));
    Contender next = contender("next");
    path.hold(Way.TO_CLIENT);
    Background<Answer<Contender>> releasing =
        background(() -> store.release(former.holder(), in(ASKED)));

    Fence latter =
        Eventually.value(
            "a grant to the next",
            PATIENCE,
            () ->
                direct.grant(next, LONG, in(PATIENCE)) instanceof Answer.Done<Grant> done
                    ? Optional.of(done.value().fence())
                    : Optional.empty());
    assertUnknown(ended(releasing));
    path.drop();
    path.heal();

    assertThat(latter.token()).isGreaterThan(former.token());
    assertThat(store.release(former.holder(), in(PATIENCE))).isInstanceOf(Answer.Refused.class);
    assertThat(done(direct.extend(latter, LONG, in(PATIENCE)))).isEqualTo(latter);
  }

  @Test
  void aClaimWhoseAnswerIsLostIsUnknownAndThenTheSame() throws Exception {
    JdbcFloor floor = JdbcFloor.of(source);
    String resource = "resource-" + IDS.text();
    Fence fence = new Fence(contender("somebody"), new FencingToken(7));
    path.hold(Way.TO_CLIENT);
    Background<Standing> claiming = background(() -> floor.raise(resource, fence, in(ASKED)));

    Eventually.holds(
        "a claim that is committed",
        PATIENCE,
        () ->
            database.number(
                    "SELECT COUNT(*) FROM ashlar_fence_floor WHERE resource = ? AND token = 7",
                    resource)
                == 1);
    assertThat(ended(claiming))
        .isInstanceOfSatisfying(
            Standing.Unknown.class,
            unknown -> assertThat(unknown.failure().effect()).isEqualTo(Effect.UNKNOWN));
    path.drop();
    path.heal();

    assertThat(floor.raise(resource, fence, in(PATIENCE))).isEqualTo(new Standing.Level());
  }

  /** Nobody but the request itself reads back what became of it. */
  @Test
  void anAcquisitionWhoseAnswerIsLostGetsWhatWasCommitted() throws Exception {
    JdbcLeaseStore store = JdbcLeaseStore.of(source, Observer.none());
    try (Leases leases = leases(store, LONG)) {
      path.hold(Way.TO_CLIENT);
      Background<Acquisition> acquiring = background(() -> leases.acquire(name, in(PATIENCE)));
      Fence committed = committed();
      path.drop();
      path.heal();

      Eventually.holds("the lease", PATIENCE, acquiring::isDone);
      Lease lease = acquiring.result().lease().orElseThrow();
      assertThat(lease.fence()).isEqualTo(committed);
      assertThat(lease.token()).isEqualTo(new FencingToken(2));
      assertThat(holder()).contains(committed);
    }
  }

  @Test
  void whenNothingGetsThroughAHolderGivesUpBeforeAnotherIsGranted() throws Exception {
    aHolderGivesUpWithout(Way.TO_SERVER, Way.TO_CLIENT);
  }

  /** The renewal that was kept back arrives when it is another one's. */
  @Test
  void whenNoRequestGetsThroughAHolderGivesUpBeforeAnotherIsGranted() throws Exception {
    aHolderGivesUpWithout(Way.TO_SERVER);
  }

  @Test
  void whenNoAnswerGetsThroughAHolderGivesUpBeforeAnotherIsGranted() throws Exception {
    aHolderGivesUpWithout(Way.TO_CLIENT);
  }

  private void aHolderGivesUpWithout(Way... ways) throws Exception {
    JdbcLeaseStore store = JdbcLeaseStore.of(source, Observer.none());
    try (Leases leases = leases(store, TERM)) {
      Lease lease = leases.acquire(name, in(PATIENCE)).lease().orElseThrow();
      path.hold(ways);
      Contender other = contender("other");
      Fence next = grantedWhenOver(lease, other);
      assertThat(next.token()).isGreaterThan(lease.token());
      assertThat(lease.lossCause()).contains(LossCause.DEADLINE);
      assertNothingHangs(store, leases);

      path.heal();
      Eventually.holds("an end of all that was kept back", PATIENCE, this::nothingGoesOn);
      assertThat(done(direct.extend(next, LONG, in(PATIENCE)))).isEqualTo(next);
      direct.release(other, in(PATIENCE));
      Lease again = leases.acquire(name, in(PATIENCE)).lease().orElseThrow();
      assertThat(again.token()).isGreaterThan(next.token());
    }
  }

  /**
   * Asks for another one, until it is granted: the lease is lost by then, and was doubted before.
   */
  private Fence grantedWhenOver(Lease lease, Contender other) throws Exception {
    return Eventually.value(
        "a grant to another",
        PATIENCE,
        () -> {
          if (direct.grant(other, LONG, in(PATIENCE)) instanceof Answer.Done<Grant> done) {
            assertThat(lease.state()).isEqualTo(LeaseState.LOST);
            return Optional.of(done.value().fence());
          }
          return Optional.empty();
        });
  }

  private boolean nothingGoesOn() {
    source.dropIdle();
    return source.lent() == 0 && path.connections() == 0;
  }

  /** With the connection that is there, and with one that is to be opened. */
  private void assertNothingHangs(JdbcLeaseStore store, Leases leases) throws Exception {
    assertThat(ended(background(() -> store.inspect(name, in(ASKED)))))
        .isInstanceOf(Answer.Unknown.class);
    Background<Acquisition> acquiring = background(() -> leases.tryAcquire(name, in(ASKED)));
    Eventually.holds("the end of a request", ENDS_WITHIN, acquiring::isDone);
    assertThatThrownBy(acquiring::result).isInstanceOf(BackendException.class);
  }

  private static Leases leases(JdbcLeaseStore store, Duration term) {
    LeaseOptions options =
        LeaseOptions.of("somebody", Seeds.random(Seeds.next()))
            .withTerm(term)
            .withPollEvery(Duration.ofMillis(100));
    return Leases.of(store, options, IDS, TIME, Observer.none());
  }
}
