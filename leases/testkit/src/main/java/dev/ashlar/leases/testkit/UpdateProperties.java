package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.testkit.LossyConditionalStore.Way;
import dev.ashlar.leases.versioned.ConditionalStore;
import dev.ashlar.leases.versioned.Key;
import dev.ashlar.leases.versioned.Outcome;
import dev.ashlar.leases.versioned.Updated;
import dev.ashlar.leases.versioned.Versioned;
import dev.ashlar.leases.versioned.Versioned.Fate;
import dev.ashlar.leases.versioned.Write;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The properties of updates: LEASE-96 and LEASE-97. */
abstract class UpdateProperties extends VersionedFixture {

  private static final int WRITERS = 4;
  private static final int UPDATES = 8;
  private static final int TRIES = 200;

  private static final List<Way> MIX =
      Stream.concat(
              Stream.of(Way.REQUEST_LOST, Way.LATE, Way.TWICE, Way.ANSWER_LOST, Way.ANSWER_LOST),
              Collections.nCopies(8, Way.WELL).stream())
          .toList();

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  @Proves("LEASE-96")
  void anUpdateIsCarriedOutOnceWhateverGetsLost() throws Exception {
    for (Way way : Way.values()) {
      for (int others = 0; others <= 2; others++) {
        Key key = key();

        Updated<String> updated =
            update(interrupted(others, key, way), 10, key, new Append("mine"), soon());

        List<String> there = elements(get(key));
        assertThat(updated).as("%s, %d", way, others).isInstanceOf(Updated.Applied.class);
        assertThat(there).as("%s, %d", way, others).containsOnlyOnce("mine");
        assertThat(there.contains("o")).as("%s, %d", way, others).isEqualTo(wrote(others, way));
      }
    }
  }

  /** The second request is sent only if the first has no answer. */
  private static boolean wrote(int others, Way way) {
    return others == 1 || (others == 2 && way != Way.WELL && way != Way.TWICE);
  }

  /** Returns a store whose first request fares as told; somebody writes before one request. */
  private ConditionalStore<String> interrupted(int before, Key key, Way way) {
    return new ForwardingConditionalStore<>(lossy(way)) {
      private int requests;

      @Override
      public Outcome<String> apply(Write<String> write, Deadline deadline)
          throws InterruptedException {
        requests++;
        if (requests == before) {
          others(key, 1);
        }
        return super.apply(write, deadline);
      }
    };
  }

  /** Returns a way on which the first requests fare as told, and the others well. */
  private ConditionalStore<String> lossy(Way... ways) {
    Deque<Way> script = new ArrayDeque<>(List.of(ways));
    return new LossyConditionalStore<>(
        open(), () -> script.isEmpty() ? Way.WELL : script.removeFirst());
  }

  @Test
  @Proves("LEASE-96")
  void concurrentUpdatersLoseNoneAndDoNoneTwice() throws Exception {
    Key key = key();
    Set<String> applied = ConcurrentHashMap.newKeySet();
    Set<String> undecided = ConcurrentHashMap.newKeySet();
    long seed = Seeds.next();
    List<Background<Boolean>> writers = new ArrayList<>();
    for (int w = 0; w < WRITERS; w++) {
      String name = "w" + w;
      RandomGenerator random = Seeds.random(seed + w);
      writers.add(Background.start(name, () -> writes(name, key, random, applied, undecided)));
    }
    for (Background<Boolean> writer : writers) {
      Eventually.holds("the end of a writer", PATIENCE, writer::isDone);
      assertThat(writer.result()).isTrue();
    }

    List<String> there = elements(get(key));

    assertThat(there).as("seed %d", seed).doesNotHaveDuplicates().containsAll(applied);
    assertThat(there)
        .as("seed %d", seed)
        .filteredOn(e -> !applied.contains(e))
        .isSubsetOf(undecided);
    assertThat(applied).as("seed %d", seed).hasSizeGreaterThan(WRITERS * UPDATES / 2);
  }

  private boolean writes(
      String name, Key key, RandomGenerator random, Set<String> applied, Set<String> undecided)
      throws InterruptedException {
    LossyConditionalStore<String> store = new LossyConditionalStore<>(open(), () -> anyWay(random));
    for (int i = 0; i < UPDATES; i++) {
      String element = name + "-" + i;
      Updated<String> updated = update(store, TRIES, key, new Append(element), soon());
      if (updated instanceof Updated.Applied) {
        applied.add(element);
      } else if (updated instanceof Updated.Undecided) {
        undecided.add(element);
      }
    }
    store.arrive(soon());
    return true;
  }

  /** Returns one at random; an answer gets lost more often than a request. */
  static Way anyWay(RandomGenerator random) {
    return MIX.get(random.nextInt(MIX.size()));
  }

  private static List<String> elements(Versioned<String> seen) {
    return Arrays.asList(seen.value().orElse("").split(",", -1));
  }

  @Test
  @Proves("LEASE-97")
  void whoIsAlwaysTooLateIsToldSo() throws Exception {
    Key key = key();
    ConditionalStore<String> busy =
        new ForwardingConditionalStore<>(open()) {
          @Override
          public Outcome<String> apply(Write<String> write, Deadline deadline)
              throws InterruptedException {
            others(key, 1);
            return super.apply(write, deadline);
          }
        };

    Updated<String> updated = update(busy, 3, key, new Append("mine"), soon());

    assertThat(updated).isInstanceOf(Updated.Exhausted.class);
    assertThat(((Updated.Exhausted<String>) updated).tries()).isEqualTo(3);
    assertThat(get(key).value()).hasValue("o,o,o");
  }

  @Test
  @Proves("LEASE-97")
  void aWriteWithoutAnyAnswerIsUndecided() throws Exception {
    for (Way way : List.of(Way.ANSWER_LOST, Way.REQUEST_LOST)) {
      Key key = key();
      Way[] always = Collections.nCopies(3, way).toArray(Way[]::new);

      Updated<String> updated = update(lossy(always), 3, key, new Append("mine"), soon());

      assertThat(updated).as("%s", way).isInstanceOf(Updated.Undecided.class);
      Write<String> write = ((Updated.Undecided<String>) updated).write();
      assertThat(get(key).fateOf(write.nonce(), 0))
          .isEqualTo(way == Way.ANSWER_LOST ? Fate.APPLIED : Fate.NOT_YET);
      assertThat(applied(write)).as("the same write again").isEqualTo(1);
    }
  }

  @Test
  @Proves("LEASE-97")
  void aWriteThatOthersCoveredIsStillFound() throws Exception {
    Key key = key();
    ConditionalStore<String> store = covering(key, Versioned.NONCES_KEPT - 1);

    Updated<String> updated = update(store, 5, key, new Append("mine"), soon());

    assertThat(updated).isInstanceOf(Updated.Applied.class);
    assertThat(elements(get(key))).containsOnlyOnce("mine");
  }

  @Test
  @Proves("LEASE-97")
  void aWriteThatTooManyCoveredIsUndecided() throws Exception {
    Key key = key();
    ConditionalStore<String> store = covering(key, Versioned.NONCES_KEPT);

    Updated<String> updated = update(store, 5, key, new Append("mine"), soon());

    assertThat(updated).isInstanceOf(Updated.Undecided.class);
    assertThat(elements(get(key))).containsOnlyOnce("mine");
  }

  /** Returns a store that carries out the first write, loses the answer, and lets others write. */
  private ConditionalStore<String> covering(Key key, int writes) {
    return new ForwardingConditionalStore<>(open()) {
      private boolean covered;

      @Override
      public Outcome<String> apply(Write<String> write, Deadline deadline)
          throws InterruptedException {
        Outcome<String> outcome = super.apply(write, deadline);
        if (covered) {
          return outcome;
        }
        covered = true;
        others(key, writes);
        return LossyConditionalStore.lost();
      }
    };
  }

  @Test
  @Proves("LEASE-97")
  void whatIsToldToBeExhaustedNeverHappens() throws Exception {
    Key key = key();
    LossyConditionalStore<String> late = new LossyConditionalStore<>(open(), () -> Way.LATE);
    ConditionalStore<String> store =
        new ForwardingConditionalStore<>(open()) {
          private boolean first = true;

          @Override
          public Outcome<String> apply(Write<String> write, Deadline deadline)
              throws InterruptedException {
            if (!first) {
              return super.apply(write, deadline);
            }
            first = false;
            Outcome<String> outcome = late.apply(write, deadline);
            others(key, 1);
            return outcome;
          }
        };

    Updated<String> updated = update(store, 2, key, new Append("mine"), soon());
    late.arrive(soon());

    assertThat(updated).isInstanceOf(Updated.Exhausted.class);
    assertThat(get(key).value()).hasValue("o");
  }

  @Test
  @Proves("LEASE-97")
  void whoHasNoTimeIsToldSo() throws Exception {
    Key key = key();
    Deadline over = Deadline.after(Duration.ZERO, TimeSource.system());

    Updated<String> updated = update(open(), 5, key, new Append("mine"), over);

    assertThat(updated).isInstanceOf(Updated.Failed.class);
    assertThat(get(key).version()).isZero();
  }

  @Test
  @Proves("LEASE-97")
  void aStoreThatRefusesToWriteIsAFailure() throws Exception {
    Key key = key();
    BackendException full =
        new BackendException("store: full", Effect.NONE, new Advice.Permanent(), null);
    ConditionalStore<String> store =
        new ForwardingConditionalStore<>(open()) {
          @Override
          public Outcome<String> apply(Write<String> write, Deadline deadline) {
            return new Outcome.Unknown<>(full);
          }
        };

    Updated<String> updated = update(store, 5, key, new Append("mine"), soon());

    assertThat(updated).isEqualTo(new Updated.Failed<String>(full));
    assertThat(get(key).version()).isZero();
  }
}
