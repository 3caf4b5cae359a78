package dev.ashlar.messaging.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What may be committed is the end of the contiguous prefix. */
class CommitTrackerTest {

  private final CommitTracker tracker = new CommitTracker();

  private static Position at(long number) {
    return Position.of("0", number);
  }

  @Test
  void nothingMayBeCommittedBeforeTheFirstHasEnded() {
    tracker.started(at(3));
    tracker.started(at(7));
    tracker.ended(at(7));

    assertThat(tracker.committable()).isEmpty();
    assertThat(tracker.isIdle()).isFalse();
  }

  @Test
  void theEndOfTheFirstUncoversWhatEndedBehindIt() {
    tracker.started(at(3));
    tracker.started(at(7));
    tracker.started(at(8));
    tracker.ended(at(7));
    tracker.ended(at(3));

    assertThat(tracker.committable()).contains(at(7));
    tracker.ended(at(8));
    assertThat(tracker.committable()).contains(at(8));
    assertThat(tracker.isIdle()).isTrue();
  }

  @Test
  void endingTwiceOrWithoutAStartChangesNothing() {
    tracker.started(at(3));
    tracker.ended(at(9));
    tracker.ended(at(3));
    tracker.ended(at(3));

    assertThat(tracker.committable()).contains(at(3));
    assertThatThrownBy(
            () -> {
              tracker.started(at(4));
              tracker.started(at(4));
            })
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void inWhateverOrderRecordsEndEverythingUpToTheCommitHasEnded() {
    for (long seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      CommitTracker each = new CommitTracker();
      List<Long> order = new ArrayList<>();
      for (long number = 1; number <= 20; number++) {
        each.started(at(number));
        order.add(number);
      }
      Collections.shuffle(order, random);
      Set<Long> ended = new HashSet<>();
      for (long number : order) {
        each.ended(at(number));
        ended.add(number);
        long prefix = 0;
        while (ended.contains(prefix + 1)) {
          prefix++;
        }
        long expected = prefix;
        assertThat(each.committable().map(Position::token).orElse("0"))
            .as("seed %d", seed)
            .isEqualTo(Long.toString(expected));
      }
    }
  }
}
