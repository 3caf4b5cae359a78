package dev.ashlar.leases.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.FencingToken;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Fenced;
import dev.ashlar.leases.guard.Floor;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import dev.ashlar.leases.testkit.LeaseStoreContract;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The contract of lease stores, on a database, and what only a database can be asked. */
abstract class JdbcLeaseStoreProperties extends LeaseStoreContract {

  private static final IdSource IDS = IdSource.of(TimeSource.system(), Seeds.random(Seeds.next()));
  private static final Duration LONG = Duration.ofMinutes(10);

  private final TestDatabase database;
  private final int lentBefore;
  private final LeaseName name = new LeaseName("lease-" + IDS.text());

  JdbcLeaseStoreProperties(TestDatabase database) {
    this.database = database;
    this.lentBefore = database.source().lent();
  }

  /** Returns the source that stores are made over; other than the database's for twins only. */
  DataSource source() {
    return database.source();
  }

  /** Returns the floor that guards are made over; other than the database's for twins only. */
  Floor<Connection> floor() {
    return JdbcFloor.of(database.source());
  }

  @AfterEach
  void everyConnectionWasGivenBack() throws Exception {
    Eventually.passes(
        Duration.ofSeconds(30),
        () -> assertThat(database.source().lent()).isLessThanOrEqualTo(lentBefore));
  }

  @Override
  protected LeaseStore open(TimeSource client) {
    return JdbcLeaseStore.of(source(), Observer.none());
  }

  @Override
  protected LeaseStore openLosingAnswers() {
    return JdbcLeaseStore.of(Taps.losingAnswers().over(source()), Observer.none());
  }

  @Override
  protected void jumpStoreClock(Duration by) throws SQLException {
    database.jumpAll(by);
  }

  @Override
  protected void restartStore() throws Exception {
    database.restart();
  }

  /** Nothing is ever deleted; what runs again when programs start is the making of the tables. */
  @Override
  protected void cleanUp(LeaseName name) {
    JdbcLeaseSchema.create(database.source());
  }

  @Override
  protected TimeSource time() {
    return TimeSource.system();
  }

  /** Long enough for a machine with other things to do to come between a grant and its use. */
  @Override
  protected Duration term() {
    return Duration.ofSeconds(3);
  }

  // What only a database can be asked.

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(30), TimeSource.system());
  }

  private Contender contender() {
    return Contender.of(name, "somebody", IDS);
  }

  private JdbcLeaseStore over(Tap tap) {
    return JdbcLeaseStore.of(tap.over(source()), Observer.none());
  }

  private JdbcLeaseStore store() {
    return JdbcLeaseStore.of(source(), Observer.none());
  }

  private static Grant done(Answer<Grant> answer) {
    assertThat(answer).isInstanceOf(Answer.Done.class);
    return ((Answer.Done<Grant>) answer).value();
  }

  private static <V> Optional<Fence> refused(Answer<V> answer) {
    assertThat(answer).isInstanceOf(Answer.Refused.class);
    return ((Answer.Refused<V>) answer).current().map(Grant::fence);
  }

  @Test
  @Proves("LEASE-27")
  void aDriverThatAsksAgainByItselfChangesNothing() throws Exception {
    JdbcLeaseStore repeating = over(Taps.repeating());
    Contender former = contender();

    Fence fence = done(repeating.grant(former, LONG, soon())).fence();
    assertThat(done(repeating.grant(former, LONG, soon())).fence()).isEqualTo(fence);
    assertThat(refused(repeating.grant(contender(), LONG, soon()))).contains(fence);
    assertThat(done(repeating.extend(fence, LONG, soon())).fence()).isEqualTo(fence);
    assertThat(repeating.extendAll(List.of(fence), LONG, soon()))
        .allMatch(answer -> answer instanceof Answer.Done);
    assertThat(repeating.release(former, soon())).isInstanceOf(Answer.Done.class);
    assertThat(refused(repeating.grant(former, LONG, soon()))).isEmpty();
    Fence successor = done(repeating.grant(contender(), LONG, soon())).fence();

    assertThat(successor.token()).isEqualTo(new FencingToken(fence.token().value() + 1));
    assertThat(refused(repeating.release(former, soon()))).contains(successor);
    assertThat(refused(repeating.extend(fence, LONG, soon()))).contains(successor);
    assertThat(refused(repeating.grant(former, LONG, soon()))).contains(successor);
    assertThat(store().inspect(name, soon()))
        .isInstanceOfSatisfying(
            Answer.Done.class, found -> assertThat(found.value()).asString().contains("somebody"));
  }

  @Test
  @Proves("LEASE-18")
  void aJumpAheadOfTheDatabasesClockMakesTwoHoldersAndOneWriter() throws Exception {
    Accounts accounts = new Accounts(database);
    String resource = "resource-" + IDS.text();
    Guard<Connection> guard = Guard.over(floor(), Observer.none());
    try (Leases here = leases();
        Leases there = leases()) {
      Lease former = here.tryAcquire(name, soon()).lease().orElseThrow();
      Claim<Connection> early = guard.claim(resource, former, soon()).orThrow();
      assertThat(write(accounts, early, resource, 1)).isInstanceOf(Fenced.Accepted.class);

      database.jump(name, Duration.ofDays(1));
      Lease latter = there.tryAcquire(name, soon()).lease().orElseThrow();
      assertThat(former.state()).isEqualTo(LeaseState.HELD);
      assertThat(latter.state()).isEqualTo(LeaseState.HELD);
      assertThat(write(accounts, early, resource, 2)).isInstanceOf(Fenced.Accepted.class);
      Claim<Connection> late = guard.claim(resource, latter, soon()).orThrow();

      assertThat(write(accounts, early, resource, 3)).isInstanceOf(Fenced.Rejected.class);
      assertThat(former.state()).isEqualTo(LeaseState.LOST);
      assertThat(write(accounts, late, resource, 4)).isInstanceOf(Fenced.Accepted.class);
      assertThat(number(accounts, resource)).isEqualTo(4);
    }
  }

  /** The other tests move the rows; this one moves the clock, in the words of each database. */
  @Test
  @Proves("LEASE-18")
  void aClockThatJumpedAheadEndsWhatRowsThatWereMovedEnd() throws Exception {
    Fence former = done(store().grant(contender(), LONG, soon())).fence();
    JdbcLeaseStore ahead =
        over(
            switch (database.dialect()) {
              case H2 -> Taps.replacing("CURRENT_TIMESTAMP", "DATEADD(DAY, 1, CURRENT_TIMESTAMP)");
              case POSTGRESQL ->
                  Taps.replacing("clock_timestamp()", "(clock_timestamp() + 1 * interval '1 day')");
              case MARIADB -> Taps.replacing("SYSDATE(6)", "(SYSDATE(6) + INTERVAL 1 DAY)");
            });

    Fence latter = done(ahead.grant(contender(), LONG, soon())).fence();

    assertThat(latter.token()).isGreaterThan(former.token());
    assertThat(refused(ahead.extend(former, LONG, soon()))).contains(latter);
    assertThat(refused(ahead.extendAll(List.of(former), LONG, soon()).get(0))).contains(latter);
    assertThat(refused(store().grant(contender(), LONG, soon()))).contains(latter);
  }

  @Test
  @Proves("LEASE-18")
  void aJumpBackOfTheDatabasesClockKeepsTheHolderAlone() throws Exception {
    JdbcLeaseStore store = store();
    Fence fence = done(store.grant(contender(), LONG, soon())).fence();

    database.jump(name, Duration.ofDays(-1));

    assertThat(refused(store.grant(contender(), LONG, soon()))).contains(fence);
    assertThat(done(store.extend(fence, LONG, soon())).fence()).isEqualTo(fence);
    assertThat(store.release(fence.holder(), soon())).isInstanceOf(Answer.Done.class);
    assertThat(done(store.grant(contender(), LONG, soon())).fence().token())
        .isGreaterThan(fence.token());
  }

  private Leases leases() {
    LeaseOptions options = LeaseOptions.of("holder", Seeds.random(Seeds.next())).withTerm(LONG);
    return Leases.of(store(), options, IDS, TimeSource.system(), Observer.none());
  }

  private static Fenced<Long> write(
      Accounts accounts, Claim<Connection> claim, String resource, long value) throws Exception {
    Connection tx = accounts.begin();
    Fenced<Long> written =
        claim.write(
            tx,
            () -> {
              accounts.write(tx, resource, value);
              return value;
            });
    accounts.commit(tx);
    return written;
  }

  private static long number(Accounts accounts, String resource) throws Exception {
    Connection tx = accounts.begin();
    long value = accounts.read(tx, resource);
    accounts.rollback(tx);
    return value;
  }

  @Test
  @Proves("LEASE-26")
  void ofManyExtensionsAtOnceEachIsForItsOwnGrant() throws Exception {
    JdbcLeaseStore store = store();
    Fence former = done(store.grant(contender(), LONG, soon())).fence();
    store.release(former.holder(), soon());
    Fence successor = done(store.grant(contender(), Duration.ofSeconds(60), soon())).fence();
    Fence mixed = new Fence(successor.holder(), former.token());
    Fence stranger =
        new Fence(
            Contender.of(new LeaseName("lease-" + IDS.text()), "somebody", IDS), former.token());

    List<Answer<Grant>> answers =
        store.extendAll(List.of(former, mixed, stranger), LONG.multipliedBy(9), soon());

    assertThat(answers).hasSize(3).allMatch(answer -> answer instanceof Answer.Refused);
    assertThat(refused(answers.get(0))).contains(successor);
    assertThat(refused(answers.get(1))).contains(successor);
    assertThat(refused(answers.get(2))).isEmpty();
    assertThat(refused(store.grant(contender(), LONG, soon()))).contains(successor);
    assertThat(left(store)).isLessThanOrEqualTo(Duration.ofSeconds(60));
    assertThat(store.extendAll(List.of(former, successor), LONG, soon()).get(1))
        .isEqualTo(new Answer.Done<>(new Grant(successor, LONG)));
    assertThat(left(store)).isGreaterThan(Duration.ofSeconds(60));
  }

  private Duration left(JdbcLeaseStore store) throws InterruptedException {
    Answer<Grant> answer = store.grant(contender(), LONG, soon());
    return ((Answer.Refused<Grant>) answer).current().orElseThrow().term();
  }

  @Test
  @Proves("LEASE-75")
  void aRowThatIsLockedDelaysNoOtherOfItsBatch() throws Exception {
    JdbcLeaseStore store = store();
    Fence locked = done(store.grant(contender(), LONG, soon())).fence();
    Fence free = done(store.grant(elsewhere(), LONG, soon())).fence();
    Fence other = done(store.grant(elsewhere(), LONG, soon())).fence();
    List<Fence> all = List.of(free, locked, other);
    Connection tx = new Accounts(database).begin();
    try (PreparedStatement lock =
        tx.prepareStatement("SELECT token FROM ashlar_lease WHERE name = ? FOR UPDATE")) {
      lock.setString(1, name.value());
      lock.execute();
    }

    Deadline deadline = Deadline.after(Duration.ofSeconds(3), TimeSource.system());
    List<Answer<Grant>> answers = store.extendAll(all, LONG, deadline);
    tx.rollback();
    tx.close();

    assertThat(answers.get(0)).isInstanceOf(Answer.Done.class);
    assertThat(answers.get(1))
        .isInstanceOfSatisfying(
            Answer.Unknown.class,
            unknown -> assertThat(unknown.failure().effect()).isEqualTo(Effect.NONE));
    assertThat(answers.get(2)).isInstanceOf(Answer.Done.class);
    assertThat(store.extendAll(all, LONG, soon())).allMatch(Answer.Done.class::isInstance);
  }

  private static Contender elsewhere() {
    return Contender.of(new LeaseName("lease-" + IDS.text()), "somebody", IDS);
  }
}
