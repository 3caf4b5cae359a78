package dev.ashlar.leases.versioned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Advice;
import dev.ashlar.core.Codec;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.versioned.Versioned.Fate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the values say of themselves, and the bounds of the store in memory. */
class VersionedTest {

  private static final Key KEY = new Key("k");

  private final Versioned<String> seen =
      new Versioned<>(41, Optional.of("a"), Optional.empty(), List.of("q", "x", "k"));

  @Test
  void aNonceStandsAtOneVersion() {
    assertThat(seen.fateOf("q", 40)).isEqualTo(Fate.APPLIED);
    assertThat(seen.fateOf("x", 39)).isEqualTo(Fate.APPLIED);
    assertThat(seen.fateOf("x", 40)).isEqualTo(Fate.REFUSED);
    assertThat(seen.fateOf("k", 38)).isEqualTo(Fate.APPLIED);
    assertThat(seen.fateOf("z", 38)).isEqualTo(Fate.REFUSED);
    assertThat(seen.fateOf("k", 37)).isEqualTo(Fate.FORGOTTEN);
    assertThat(seen.fateOf("z", 41)).isEqualTo(Fate.NOT_YET);
    assertThat(seen.appliedAt("k")).hasValue(39);
    assertThat(seen.appliedAt("z")).isEmpty();
  }

  @Test
  void thereAreNoMoreNoncesThanWrites() {
    assertThatThrownBy(
            () -> new Versioned<>(1, Optional.of("a"), Optional.empty(), List.of("q", "x")))
        .hasMessage("nonces: 2 (expected: at most 1, the version)");
    assertThatThrownBy(() -> new Versioned<>(-1, Optional.of("a"), Optional.empty(), List.of()))
        .hasMessage("version: -1 (expected: >= 0)");
  }

  @Test
  void whatIsAbsentIsNotDeleted() {
    assertThatThrownBy(() -> new Write<>(KEY, Optional.empty(), new Write.Absent(), "n1"))
        .hasMessage("value: none (expected: one, if the key is absent)");
    assertThatThrownBy(() -> Write.deleteIfVersion(KEY, -1, "n1"))
        .hasMessage("version: -1 (expected: >= 0)");
  }

  @Test
  void aFullStoreTakesNoMoreKeysAndGoesOnWithThoseItHas() throws Exception {
    ConditionalStore<String> store = MemoryConditionalStore.of(Codec.utf8());
    Deadline deadline = Deadline.after(Duration.ofMinutes(1), TimeSource.system());
    for (int i = 0; i < MemoryConditionalStore.KEYS_MAX; i++) {
      store.apply(Write.putIfAbsent(new Key("k-" + i), "", "n1"), deadline);
    }

    Outcome<String> outcome = store.apply(Write.putIfAbsent(KEY, "", "n1"), deadline);

    assertThat(outcome).isInstanceOf(Outcome.Unknown.class);
    assertThat(((Outcome.Unknown<String>) outcome).failure().effect()).isEqualTo(Effect.NONE);
    assertThat(((Outcome.Unknown<String>) outcome).failure().advice())
        .isEqualTo(new Advice.Permanent());
    assertThat(store.apply(Write.putIfVersion(new Key("k-7"), "a", 1, "n2"), deadline))
        .isEqualTo(new Outcome.Applied<String>(2));
  }
}
