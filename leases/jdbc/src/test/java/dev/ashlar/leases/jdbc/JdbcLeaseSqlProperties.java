package dev.ashlar.leases.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.FencingToken;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.PauseAt;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Guarantees.ExpiryClock;
import dev.ashlar.leases.Guarantees.TokenStrength;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.guard.Standing;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the contracts do not ask, because it is a matter of SQL. */
abstract class JdbcLeaseSqlProperties {

  static final TimeSource TIME = TimeSource.system();
  static final IdSource IDS = IdSource.of(TIME, Seeds.random(Seeds.next()));
  static final Duration PATIENCE = Duration.ofSeconds(30);
  static final Duration TERM = Duration.ofMinutes(10);

  final TestDatabase database;
  final Accounts accounts;
  final LeaseName name = new LeaseName("lease-" + IDS.text());
  final String resource = "resource-" + IDS.text();
  private final int lentBefore;

  JdbcLeaseSqlProperties(TestDatabase database) throws SQLException {
    this.database = database;
    this.accounts = new Accounts(database);
    this.lentBefore = database.source().lent();
  }

  @AfterEach
  void everyConnectionWasGivenBack() throws Exception {
    // What the tests before this one left behind may still be under way.
    Eventually.passes(
        PATIENCE, () -> assertThat(database.source().lent()).isLessThanOrEqualTo(lentBefore));
  }

  final JdbcLeaseStore store(Observer observer) {
    return JdbcLeaseStore.of(database.source(), observer);
  }

  final JdbcFloor floor() {
    return JdbcFloor.of(database.source());
  }

  static Deadline in(Duration span) {
    return Deadline.after(span, TIME);
  }

  final Contender contender() {
    return Contender.of(name, "somebody", IDS);
  }

  final Fence fence(long token) {
    return new Fence(contender(), new FencingToken(token));
  }

  static <T> FutureTask<T> background(Callable<T> body) {
    FutureTask<T> task = new FutureTask<>(body);
    Thread thread = new Thread(task, "background");
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  static <T> T resultOf(FutureTask<T> task) throws Exception {
    return task.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static Grant done(Answer<Grant> answer) {
    assertThat(answer).isInstanceOf(Answer.Done.class);
    return ((Answer.Done<Grant>) answer).value();
  }

  @Test
  void whatIsDeclaredIsWhatTheDatabaseKeeps() {
    assertThat(store(Observer.none()).guarantees().tokens()).isEqualTo(TokenStrength.STRICT);
    assertThat(store(Observer.none()).guarantees().clock()).isEqualTo(ExpiryClock.BACKEND_WALL);
    JdbcLeaseStore volatileStore =
        JdbcLeaseStore.of(TestDatabase.h2InMemory().source(), Observer.none());
    assertThat(volatileStore.guarantees().tokens()).isEqualTo(TokenStrength.UNTIL_RESET);
  }

  @Test
  void numbersCanBeginAboveAnother() throws Exception {
    JdbcLeaseStore store = store(Observer.none());
    Grant before = done(store.grant(contender(), TERM, in(PATIENCE)));
    store.release(before.fence().holder(), in(PATIENCE));

    JdbcLeaseStore raised = store.withTokensAbove(5000);
    Grant above = done(raised.grant(contender(), TERM, in(PATIENCE)));
    raised.release(above.fence().holder(), in(PATIENCE));
    Grant next = done(store.grant(contender(), TERM, in(PATIENCE)));

    assertThat(before.fence().token()).isEqualTo(new FencingToken(1));
    assertThat(above.fence().token()).isEqualTo(new FencingToken(5001));
    assertThat(next.fence().token()).isEqualTo(new FencingToken(5002));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.withTokensAbove(-1))
        .withMessage("value: -1 (expected: >= 0)");
  }

  @Test
  void aFirstGrantCanBeginAboveAnotherToo() throws Exception {
    Grant first =
        done(store(Observer.none()).withTokensAbove(70).grant(contender(), TERM, in(PATIENCE)));

    assertThat(first.fence().token()).isEqualTo(new FencingToken(71));
  }

  @Test
  void aProcessThatIsPausedInARequestHoldsNobodyUp() throws Exception {
    PauseAt pause = PauseAt.named("lease.granted");
    Contender paused = contender();
    FutureTask<Answer<Grant>> granting =
        background(() -> store(pause).grant(paused, TERM, in(PATIENCE)));
    pause.awaitArrival(PATIENCE);

    Answer<Grant> other = store(Observer.none()).grant(contender(), TERM, in(PATIENCE));
    Answer<Contender> released = store(Observer.none()).release(paused, in(PATIENCE));
    Grant next = done(store(Observer.none()).grant(contender(), TERM, in(PATIENCE)));
    pause.release();

    assertThat(other).isInstanceOf(Answer.Refused.class);
    assertThat(released).isInstanceOf(Answer.Done.class);
    assertThat(done(resultOf(granting)).fence().token()).isLessThan(next.fence().token());
  }

  @Test
  void aRequestThatFindsItsRowLockedEndsByItsDeadlineAndDelaysNoOther() throws Exception {
    JdbcLeaseStore store = store(Observer.none());
    Grant grant = done(store.grant(contender(), TERM, in(PATIENCE)));
    Connection tx = accounts.begin();
    try (var lock =
        tx.prepareStatement("SELECT token FROM ashlar_lease WHERE name = ? FOR UPDATE")) {
      lock.setString(1, name.value());
      lock.execute();
    }

    Answer<Grant> extended = store.extend(grant.fence(), TERM, in(Duration.ofMillis(300)));
    Contender elsewhere = Contender.of(new LeaseName(IDS.text()), "somebody", IDS);
    Answer<Grant> other = store.grant(elsewhere, TERM, in(PATIENCE));
    accounts.rollback(tx);

    assertThat(extended).isInstanceOf(Answer.Unknown.class);
    assertThat(other).isInstanceOf(Answer.Done.class);
    assertThat(store.extend(grant.fence(), TERM, in(PATIENCE))).isInstanceOf(Answer.Done.class);
  }

  @Test
  void aDeadlineThatIsOverAsksNobody() throws Exception {
    Answer<Grant> late = store(Observer.none()).grant(contender(), TERM, in(Duration.ZERO));

    assertThat(late)
        .isInstanceOfSatisfying(
            Answer.Unknown.class,
            unknown -> assertThat(unknown.failure().effect()).isEqualTo(Effect.NONE));
  }

  @Test
  void aConnectionThatCommitsEachStatementIsRefused() throws Exception {
    floor().raise(resource, fence(1), in(PATIENCE));
    try (Connection connection = database.source().getConnection()) {
      assertThatThrownBy(() -> floor().check(connection, resource, fence(1)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("commits each statement");
    }
  }

  @Test
  void aResourceIsClaimedUnderOneLease() throws Exception {
    floor().raise(resource, fence(1), in(PATIENCE));
    Contender stranger = Contender.of(new LeaseName("another"), "somebody", IDS);

    assertThatThrownBy(
            () -> floor().raise(resource, new Fence(stranger, new FencingToken(9)), in(PATIENCE)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("lease another (expected: " + name.value());
    assertThat(database.number("SELECT token FROM ashlar_fence_floor WHERE resource = ?", resource))
        .isEqualTo(1);
  }

  @Test
  void aRowThatIsNoFloorIsAnErrorAndNeverNone() throws Exception {
    Fence fence = fence(5);
    floor().raise(resource, fence, in(PATIENCE));
    database.change("UPDATE ashlar_fence_floor SET owner = '' WHERE resource = ?", resource);

    assertNoFloor(floor().raise(resource, fence(4), in(PATIENCE)));
    Connection tx = accounts.begin();
    assertNoFloor(floor().check(tx, resource, fence));
    accounts.rollback(tx);
  }

  private static void assertNoFloor(Standing standing) {
    assertThat(standing)
        .isInstanceOfSatisfying(
            Standing.Unknown.class,
            unknown -> {
              assertThat(unknown.failure().effect()).isEqualTo(Effect.NONE);
              assertThat(unknown.failure().advice()).isEqualTo(new Advice.Permanent());
            });
  }

  @Test
  void aClaimWaitsForAWriterNoLongerThanItsDeadline() throws Exception {
    Fence former = fence(1);
    floor().raise(resource, former, in(PATIENCE));
    Connection tx = accounts.begin();
    assertThat(floor().check(tx, resource, former)).isEqualTo(new Standing.Level());

    Fence latter = fence(2);
    Standing waited = floor().raise(resource, latter, in(Duration.ofMillis(300)));
    accounts.rollback(tx);

    assertThat(waited)
        .isInstanceOfSatisfying(
            Standing.Unknown.class,
            unknown -> assertThat(unknown.failure()).isInstanceOf(BackendException.class));
    assertThat(floor().raise(resource, latter, in(PATIENCE))).isEqualTo(new Standing.Level());
  }

  @Test
  void aRequestNeedsNoMoreRoundTripsThanStated() throws Exception {
    Taps.Counting counting = new Taps.Counting();
    JdbcLeaseStore store = JdbcLeaseStore.of(counting.over(database.source()), Observer.none());
    counting.counted();

    Contender former = contender();
    Fence fence = done(store.grant(former, TERM, in(PATIENCE))).fence();
    assertThat(counting.counted()).as("first grant").isEqualTo(extra() + 3);
    store.extend(fence, TERM, in(PATIENCE));
    assertThat(counting.counted()).as("extend").isEqualTo(extra() + 1);
    store.grant(contender(), TERM, in(PATIENCE));
    assertThat(counting.counted()).as("refused grant").isEqualTo(extra() + 2);
    store.inspect(name, in(PATIENCE));
    assertThat(counting.counted()).as("inspect").isEqualTo(extra() + 1);
    store.release(former, in(PATIENCE));
    assertThat(counting.counted()).as("release").isEqualTo(extra() + 1);
    store.extend(fence, TERM, in(PATIENCE));
    assertThat(counting.counted()).as("refused extend").isEqualTo(extra() + 2);
    store.grant(contender(), TERM, in(PATIENCE));
    assertThat(counting.counted()).as("later grant").isEqualTo(extra() + 1);
  }

  /** H2 is told how long to wait for locks by statements; it is in this process as a rule. */
  private int extra() {
    return database.dialect() == Dialect.H2 ? 2 : 0;
  }

  @Test
  void aClaimNeedsNoMoreRoundTripsThanStated() throws Exception {
    Taps.Counting counting = new Taps.Counting();
    JdbcFloor floor = JdbcFloor.of(counting.over(database.source()));
    counting.counted();

    Fence former = fence(1);
    floor.raise(resource, former, in(PATIENCE));
    boolean isH2 = database.dialect() == Dialect.H2;
    assertThat(counting.counted()).as("first claim").isEqualTo(extra() + (isH2 ? 3 : 1));
    floor.raise(resource, fence(2), in(PATIENCE));
    assertThat(counting.counted()).as("later claim").isEqualTo(extra() + 1);
    floor.raise(resource, former, in(PATIENCE));
    boolean answers = database.dialect() == Dialect.MARIADB;
    assertThat(counting.counted()).as("refused claim").isEqualTo(extra() + (answers ? 1 : 2));
    try (Connection tx = counting.over(database.source()).getConnection()) {
      tx.setAutoCommit(false);
      counting.counted();
      floor.check(tx, resource, former);
      assertThat(counting.counted()).as("check").isEqualTo(1);
      tx.rollback();
    }
  }

  @Test
  void tenThousandGrantsAreExtendedByTenStatements() throws Exception {
    Taps.Counting counting = new Taps.Counting();
    JdbcLeaseStore store = JdbcLeaseStore.of(counting.over(database.source()), Observer.none());
    List<Fence> fences = many(done(store.grant(contender(), TERM, in(PATIENCE))).fence());
    assertThat(store.extendMax()).isEqualTo(1000);
    counting.counted();

    for (int i = 0; i < fences.size(); i += store.extendMax()) {
      List<Fence> some = fences.subList(i, i + store.extendMax());
      assertThat(store.extendAll(some, TERM.multipliedBy(2), in(PATIENCE)))
          .hasSize(some.size())
          .allMatch(Answer.Done.class::isInstance);
    }

    assertThat(counting.counted()).isEqualTo(10 * (extra() + 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.extendAll(fences, TERM, in(PATIENCE)))
        .withMessage("fences: 10000 (expected: <= 1000)");
    assertThat(store.extendAll(List.of(), TERM, in(PATIENCE))).isEmpty();
  }

  private List<Fence> many(Fence first) throws SQLException {
    List<Fence> fences = new ArrayList<>();
    Connection tx = accounts.begin();
    try (PreparedStatement copy =
        tx.prepareStatement(
            "INSERT INTO ashlar_lease (name, token, owner, nonce, expires_at)"
                + " SELECT ?, token, owner, ?, expires_at FROM ashlar_lease WHERE name = ?")) {
      for (int i = 0; i < 10_000; i++) {
        Contender holder = Contender.of(new LeaseName(name.value() + "-" + i), "somebody", IDS);
        fences.add(new Fence(holder, first.token()));
        copy.setString(1, holder.lease().value());
        copy.setString(2, holder.nonce());
        copy.setString(3, name.value());
        copy.executeUpdate();
      }
    }
    accounts.commit(tx);
    return fences;
  }
}
