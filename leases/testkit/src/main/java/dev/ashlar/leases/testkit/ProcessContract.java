package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ChildJvm;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.LossCause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * What real processes that hold leases must come through: they are stopped for longer than a term
 * by a signal that no code can notice, continued, and killed, while others take over and all of
 * them count one guarded number.
 *
 * <p>Each child runs a {@link CountingHolder}. What a child has said it counted is the ledger.
 *
 * <p><b>Guarantees.</b> Nothing that a child said it counted is lost or counted again; a child that
 * was stopped ends by the loss of its lease, and says why.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 *
 * <p><b>Limits.</b> Needs a system with signals, and up to two minutes.
 */
@Tag("engine")
public abstract class ProcessContract {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration ROUNDS_LAST = Duration.ofSeconds(40);
  private static final int COUNTS_MIN = 20;

  private static final Set<Integer> LOSSES =
      Set.of(
          CountingHolder.exitValue(LossCause.DEADLINE),
          CountingHolder.exitValue(LossCause.EXPIRED),
          CountingHolder.exitValue(LossCause.SUPERSEDED),
          CountingHolder.exitValue(LossCause.FENCED_BY_RESOURCE));

  private final List<ChildJvm> children = new ArrayList<>();
  private int unclear;

  /** For subclasses. */
  protected ProcessContract() {}

  /** Starts a child that runs a {@link CountingHolder} for one lease and one resource. */
  protected abstract ChildJvm start(String owner) throws Exception;

  /** Returns the guarded number. */
  protected abstract long value() throws Exception;

  /** Returns the term of the children's leases. */
  protected abstract Duration term();

  /** Leaves no child behind, however a test ended. */
  @AfterEach
  void endAll() {
    children.forEach(ChildJvm::close);
  }

  @Test
  void aHolderThatIsStoppedForLongerThanItsTermIsTurnedAwayWhenItGoesOn() throws Exception {
    try (ChildJvm first = child("first")) {
      first.awaitLines(COUNTS_MIN, PATIENCE);
      first.stop();
      try (ChildJvm second = child("second")) {
        second.awaitLines(COUNTS_MIN, PATIENCE);
        first.go();
        assertThat(first.awaitEnd(PATIENCE)).isIn(LOSSES);
        assertThat(first.awaitLine("ended", PATIENCE)).isNotEmpty();
        int told = second.lines().size();
        second.awaitLines(told + COUNTS_MIN, PATIENCE);
        second.killAfter(told + COUNTS_MIN, PATIENCE);
      }
    }
    unclear++;
    checkLedger();
  }

  @Test
  void whatAKilledHolderHadGoesToTheNext() throws Exception {
    try (ChildJvm first = child("first")) {
      first.killAfter(COUNTS_MIN, PATIENCE);
      unclear++;
      long start = TimeSource.system().nanos();
      try (ChildJvm second = child("second")) {
        second.awaitLine("granted", PATIENCE);
        Duration waited = Duration.ofNanos(TimeSource.system().nanos() - start);
        // Two terms, and what starting a process takes.
        assertThat(waited).isLessThan(term().multipliedBy(2).plusSeconds(20));
        second.killAfter(COUNTS_MIN, PATIENCE);
        unclear++;
      }
    }
    checkLedger();
  }

  @Test
  void nothingIsLostHoweverOftenHoldersAreStoppedAndKilled(TestReporter reporter) throws Exception {
    long seed = Seeds.next();
    reporter.publishEntry("process seed", Long.toString(seed));
    RandomGenerator random = Seeds.random(seed);
    Deadline enough = Deadline.after(ROUNDS_LAST, TimeSource.system());
    List<ChildJvm> stopped = new ArrayList<>();
    int rounds = 0;
    while (rounds < 3 || !enough.hasExpired()) {
      ChildJvm holder = child("holder-" + rounds);
      holder.awaitLines(COUNTS_MIN + random.nextInt(COUNTS_MIN), PATIENCE);
      if (random.nextBoolean()) {
        holder.stop();
        stopped.add(holder);
      } else {
        holder.kill();
        unclear++;
      }
      if (stopped.size() > 1) {
        goOn(stopped.remove(0));
      }
      rounds++;
    }
    try (ChildJvm last = child("last")) {
      last.awaitLines(COUNTS_MIN, PATIENCE);
      for (ChildJvm one : stopped) {
        goOn(one);
      }
      last.killAfter(COUNTS_MIN, PATIENCE);
      unclear++;
    }
    reporter.publishEntry("process rounds", Integer.toString(rounds));
    checkLedger();
  }

  private static void goOn(ChildJvm stopped) throws Exception {
    stopped.go();
    assertThat(stopped.awaitEnd(PATIENCE)).isIn(LOSSES);
  }

  private ChildJvm child(String owner) throws Exception {
    ChildJvm child = start(owner);
    children.add(child);
    return child;
  }

  /** One counted number. */
  private record Counted(long token, long value) {}

  /**
   * A lost update shows as a number that was counted twice, and a write of a former holder as a
   * token that comes after a larger one. What a child had committed and could not say any more may
   * be missing in the ledger, one for each.
   */
  private void checkLedger() throws Exception {
    List<Counted> ledger = new ArrayList<>();
    int unknown = unclear;
    for (ChildJvm child : children) {
      child.awaitEnd(PATIENCE);
      for (String line : child.lines()) {
        String[] parts = line.split(" ", -1);
        if (parts[0].equals("counted")) {
          ledger.add(new Counted(Long.parseLong(parts[1]), Long.parseLong(parts[2])));
        } else if (parts[0].equals("unknown")) {
          unknown++;
        }
      }
    }
    ledger.sort(Comparator.comparingLong(Counted::value));
    Set<Long> values = new HashSet<>();
    long token = 0;
    for (Counted one : ledger) {
      assertThat(values.add(one.value())).as("%s: once only", one).isTrue();
      assertThat(one.token()).as("token of %s", one).isGreaterThanOrEqualTo(token);
      token = one.token();
    }
    assertThat(value()).isBetween((long) ledger.size(), (long) ledger.size() + unknown);
  }
}
