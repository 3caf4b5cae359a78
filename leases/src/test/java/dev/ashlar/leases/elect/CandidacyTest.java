package dev.ashlar.leases.elect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.MemoryLeaseStore;
import dev.ashlar.leases.elect.Candidacy.Step;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a node decides when it is told the time and what happened. */
class CandidacyTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final ManualTime time = ManualTime.create();
  private final Candidacy candidacy =
      new Candidacy(Duration.ofSeconds(5), Duration.ofSeconds(1), 0);

  private Term term(long number) throws InterruptedException {
    Leases leases =
        Leases.of(
            MemoryLeaseStore.withTokensAbove(number - 1, time),
            LeaseOptions.of("host-1", Seeds.random(Seeds.next())),
            IdSource.of(TimeSource.system(), Seeds.random(Seeds.next())),
            time,
            Observer.none());
    Lease lease =
        leases
            .tryAcquire(new LeaseName("office"), Deadline.after(Duration.ofSeconds(1), time))
            .lease()
            .orElseThrow();
    return new Term(lease);
  }

  @Test
  void itStandsServesAndLetsGoWhenListenersAreQuiet() throws Exception {
    assertThat(candidacy.next(0, true)).isEqualTo(new Step.Stand());
    Term term = term(7);
    assertThat(candidacy.granted(term, 0, 0)).isTrue();
    assertThat(candidacy.next(0, true)).isEqualTo(new Step.Serve(term));

    candidacy.resigned(Duration.ofSeconds(30), SECOND);

    assertThat(candidacy.serving()).isEmpty();
    assertThat(candidacy.next(SECOND, false)).isEqualTo(new Step.Wait(6 * SECOND));
    assertThat(candidacy.next(2 * SECOND, true)).isEqualTo(new Step.LetGo(term, true, 6 * SECOND));
    candidacy.letGo(10 * SECOND, 2 * SECOND);
    assertThat(candidacy.next(2 * SECOND, true)).isEqualTo(new Step.Wait(31 * SECOND));
    assertThat(candidacy.next(31 * SECOND, true)).isEqualTo(new Step.Stand());
  }

  @Test
  void aListenerThatIsBusyWhenASuccessorMayLeadIsOverdueOnce() throws Exception {
    Term term = term(7);
    assertThat(candidacy.granted(term, 0, 0)).isTrue();
    candidacy.closed(0);
    assertThat(candidacy.next(5 * SECOND, false))
        .isEqualTo(new Step.LetGo(term, false, 5 * SECOND));
    candidacy.letGo(10 * SECOND, 5 * SECOND);

    assertThat(candidacy.next(5 * SECOND, false)).isEqualTo(new Step.Wait(16 * SECOND));
    assertThat(candidacy.next(16 * SECOND, false)).isEqualTo(new Step.Overdue(term));
    assertThat(candidacy.next(16 * SECOND, false)).isInstanceOf(Step.Wait.class);
    assertThat(candidacy.next(17 * SECOND, true)).isEqualTo(new Step.Stop());
  }

  @Test
  void aLossCountsFromItself() throws Exception {
    Term term = term(7);
    assertThat(candidacy.granted(term, 0, 0)).isTrue();
    candidacy.resigned(Duration.ZERO, 0);
    candidacy.lost(EndCause.LOST, 0, SECOND);

    assertThat(candidacy.office().flatMap(Office::cause)).contains(EndCause.RESIGNED);
    assertThat(candidacy.next(SECOND, false)).isEqualTo(new Step.Wait(2 * SECOND));
    assertThat(candidacy.next(2 * SECOND, false)).isEqualTo(new Step.Overdue(term));
  }

  @Test
  void aNumberThatIsNoLargerThanTheLastIsNotTakenUp() throws Exception {
    assertThat(candidacy.granted(term(7), 0, 0)).isTrue();
    candidacy.lost(EndCause.LOST, 0, 0);
    assertThat(candidacy.next(0, true)).isEqualTo(new Step.Stand());

    assertThat(candidacy.granted(term(7), SECOND, 0)).isFalse();
    assertThat(candidacy.next(0, true)).isEqualTo(new Step.Wait(SECOND));
    assertThat(candidacy.granted(term(8), 0, SECOND)).isTrue();
  }

  @Test
  void aLeaseThatComesTooLateIsNotTakenUp() throws Exception {
    candidacy.resigned(Duration.ofSeconds(1), 0);
    assertThat(candidacy.granted(term(7), 0, 0)).isFalse();
    candidacy.closed(0);
    assertThat(candidacy.granted(term(7), 0, 2 * SECOND)).isFalse();
    assertThat(candidacy.next(0, true)).isEqualTo(new Step.Stop());
  }

  /** Any order of elections and ends is heard as pairs, by each listener that was there. */
  @Test
  void whatIsToldFollowsFromTheState() throws Exception {
    List<String> heard = new ArrayList<>();
    Roll roll = new Roll();
    roll.add(listener(heard));
    Term term = term(7);
    assertThat(candidacy.granted(term, 0, 0)).isTrue();
    Roll.Notice begun = roll.next(candidacy.office()).orElseThrow();
    begun.tell();
    roll.add(listener(heard));
    candidacy.lost(EndCause.LOST, 0, 0);
    Roll.Notice ended = roll.next(candidacy.office()).orElseThrow();
    assertThat(roll.isQuiet()).isFalse();
    ended.tell();
    ended.done().run();

    assertThat(heard).containsExactly("elected 7", "ended 7 LOST");
    assertThat(roll.isQuiet()).isTrue();
    assertThat(roll.next(candidacy.office())).isEmpty();
  }

  private static TermListener listener(List<String> heard) {
    return new TermListener() {
      @Override
      public void elected(Term term) {
        heard.add("elected " + term.number());
      }

      @Override
      public void ended(Term term, EndCause cause) {
        heard.add("ended " + term.number() + " " + cause);
      }
    };
  }
}
