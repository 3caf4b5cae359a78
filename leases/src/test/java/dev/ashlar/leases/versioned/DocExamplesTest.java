package dev.ashlar.leases.versioned;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Codec;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Seeds;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The examples shown in doc comments of this package. */
class DocExamplesTest {

  private final IdSource ids = IdSource.system();
  private final Deadline deadline = Deadline.after(Duration.ofSeconds(30), TimeSource.system());

  @Test
  void aValueIsReplacedAsItWasRead() throws Exception {
    ConditionalStore<String> store = MemoryConditionalStore.of(Codec.utf8());
    Key cart = new Key("cart-7");
    // [doc:ConditionalStore]
    Versioned<String> seen = store.get(cart, deadline);
    Write<String> write = Write.putIfVersion(cart, "2 pens", seen.version(), ids.text());
    Outcome<String> outcome = store.apply(write, deadline);
    if (outcome instanceof Outcome.Unknown) {
      outcome = store.apply(write, deadline); // The same write, so it happens once at most.
    }
    // [/doc]
    assertThat(outcome).isEqualTo(new Outcome.Applied<String>(1));
  }

  @Test
  void aNumberIsCountedUp() throws Exception {
    ConditionalStore<Long> store =
        MemoryConditionalStore.of(Codec.utf8().as(Long::valueOf, String::valueOf));
    Updater<Long> updater = Updater.of(store, ids, Seeds.random(Seeds.next()), Observer.none());
    Key visits = new Key("visits");
    // [doc:Updater]
    Updated<Long> updated = updater.update(visits, n -> new Edit.Put<>(n.orElse(0L) + 1), deadline);
    // [/doc]
    assertThat(updated).isEqualTo(new Updated.Applied<>(1, Optional.of(1L)));
  }
}
