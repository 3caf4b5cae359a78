package dev.ashlar.leases.versioned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Codec;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.CountingObserver;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What the contract does not show of an update: its pauses, its edit, its observer. */
class UpdaterTest {

  private static final Key KEY = new Key("k");

  private final ConditionalStore<String> store = MemoryConditionalStore.of(Codec.utf8());
  private final CountingObserver observer = new CountingObserver();
  private final Deadline deadline = Deadline.after(Duration.ofSeconds(30), TimeSource.system());

  private Updater<String> updater(ConditionalStore<String> over) {
    return Updater.of(over, IdSource.system(), new SplittableRandom(1), observer);
  }

  /** Answers writes with failures first. */
  private final class Failing implements ConditionalStore<String> {
    private final List<Advice> failures;
    private int reads;

    Failing(Advice... failures) {
      this.failures = new ArrayList<>(List.of(failures));
    }

    @Override
    public Versioned<String> get(Key key, Deadline until) throws InterruptedException {
      reads++;
      return store.get(key, until);
    }

    @Override
    public Outcome<String> apply(Write<String> write, Deadline until) throws InterruptedException {
      return failures.isEmpty()
          ? store.apply(write, until)
          : new Outcome.Unknown<>(
              new BackendException("store: busy", Effect.UNKNOWN, failures.remove(0), null));
    }
  }

  @Test
  void anEditMayLeaveWhatItFinds() throws Exception {
    Updated<String> updated = updater(store).update(KEY, seen -> new Edit.Leave<>(), deadline);

    assertThat(updated).isEqualTo(new Updated.Left<>(Versioned.<String>never()));
    assertThat(store.get(KEY, deadline).version()).isZero();
  }

  @Test
  void anEditMayDelete() throws Exception {
    store.apply(Write.putIfAbsent(KEY, "a", "n1"), deadline);

    Updated<String> updated = updater(store).update(KEY, seen -> new Edit.Delete<>(), deadline);

    assertThat(updated).isEqualTo(new Updated.Applied<String>(2, Optional.empty()));
    assertThat(store.get(KEY, deadline).value()).isEmpty();
  }

  @Test
  void whatAnEditThrowsComesOutAndNothingIsWritten() throws Exception {
    assertThatThrownBy(
            () ->
                updater(store)
                    .update(
                        KEY,
                        seen -> {
                          throw new IllegalStateException("no");
                        },
                        deadline))
        .hasMessage("no");
    assertThat(store.get(KEY, deadline).version()).isZero();
  }

  @Test
  void anUnansweredWriteIsSentAgainAndNotMadeAgain() throws Exception {
    Failing failing = new Failing(new Advice.Transient(), new Advice.Transient());

    Updated<String> updated = updater(failing).update(KEY, seen -> new Edit.Put<>("a"), deadline);

    assertThat(updated).isInstanceOf(Updated.Applied.class);
    assertThat(failing.reads).isEqualTo(1);
    assertThat(observer.count("versioned.unknown")).isEqualTo(2);
  }

  /** Loses the first answer, and answers the second request as told. */
  private final class Answering implements ConditionalStore<String> {
    private final boolean arrives;
    private final Versioned<String> inTheWay;
    private boolean asked;

    Answering(boolean arrives, Versioned<String> inTheWay) {
      this.arrives = arrives;
      this.inTheWay = inTheWay;
    }

    @Override
    public Versioned<String> get(Key key, Deadline until) throws InterruptedException {
      return store.get(key, until);
    }

    @Override
    public Outcome<String> apply(Write<String> write, Deadline until) throws InterruptedException {
      if (asked) {
        return new Outcome.Conflict<>(arrives ? store.get(KEY, until) : inTheWay);
      }
      asked = true;
      if (arrives) {
        store.apply(write, until);
      }
      return new Outcome.Unknown<>(
          new BackendException("store: silent", Effect.UNKNOWN, new Advice.Transient(), null));
    }
  }

  /** As a store may answer that looks at the condition alone; the nonces tell the rest. */
  @Test
  void aConflictWithItsOwnEarlierCopyIsSeenThrough() throws Exception {
    ConditionalStore<String> answering = new Answering(true, Versioned.never());

    Updated<String> updated =
        updater(answering).update(KEY, seen -> new Edit.Put<>(seen.orElse("") + "a"), deadline);

    assertThat(updated).isEqualTo(new Updated.Applied<>(1, Optional.of("a")));
    assertThat(store.get(KEY, deadline).value()).hasValue("a");
  }

  /**
   * As after a restore: the version that the write expects may come again, and the write with it.
   */
  @Test
  void versionsThatWentBackLeaveAnUnansweredWriteUndecided() throws Exception {
    store.apply(Write.putIfAbsent(KEY, "a", "n1"), deadline);
    ConditionalStore<String> answering = new Answering(false, Versioned.never());

    Updated<String> updated = updater(answering).update(KEY, seen -> new Edit.Put<>("b"), deadline);

    assertThat(updated).isInstanceOf(Updated.Undecided.class);
  }

  @Test
  void whatIsPermanentIsNotTriedAgain() throws Exception {
    Failing failing = new Failing(new Advice.Permanent());

    Updated<String> updated = updater(failing).update(KEY, seen -> new Edit.Put<>("a"), deadline);

    assertThat(updated).isInstanceOf(Updated.Undecided.class);
    assertThat(store.get(KEY, deadline).version()).isZero();
  }

  @Test
  void anOverloadedStoreIsLeftAloneAsLongAsItSays() throws Exception {
    ManualTime time = ManualTime.create();
    Failing failing = new Failing(new Advice.Overloaded(Duration.ofSeconds(10)));
    Deadline end = Deadline.after(Duration.ofMinutes(1), time);
    long began = time.nanos();

    Background<Updated<String>> task =
        Background.start(
            "update", () -> updater(failing).update(KEY, seen -> new Edit.Put<>("a"), end));
    Eventually.holds(
        "the end of the update",
        Duration.ofSeconds(30),
        () -> {
          time.advance(Duration.ofMillis(100));
          return task.isDone();
        });

    assertThat(task.result()).isInstanceOf(Updated.Applied.class);
    assertThat(Duration.ofNanos(time.nanos() - began))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void triesHaveABound() {
    assertThatThrownBy(() -> updater(store).withTriesMax(0))
        .hasMessage("triesMax: 0 (expected: 1 to 1000)");
    assertThatThrownBy(() -> updater(store).withTriesMax(1001))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void noValueIsShown() {
    assertThat(Write.putIfAbsent(KEY, "secret", "n1").toString()).doesNotContain("secret");
    assertThat(
            new Versioned<>(1, Optional.of("secret"), Optional.empty(), List.of("n1")).toString())
        .doesNotContain("secret");
  }
}
