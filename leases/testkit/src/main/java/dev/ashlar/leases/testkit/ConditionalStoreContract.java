package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.FencingToken;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.testkit.ConditionalHistory.Sending;
import dev.ashlar.leases.testkit.ConditionalHistory.State;
import dev.ashlar.leases.versioned.ConditionalStore;
import dev.ashlar.leases.versioned.FenceMark;
import dev.ashlar.leases.versioned.Key;
import dev.ashlar.leases.versioned.Outcome;
import dev.ashlar.leases.versioned.Versioned;
import dev.ashlar.leases.versioned.Versioned.Fate;
import dev.ashlar.leases.versioned.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ConditionalStore}, and the {@link dev.ashlar.leases.versioned.Updater} over it,
 * must do, as tests: the properties LEASE-90 to LEASE-98.
 *
 * <p>An adapter's test class extends this one, opens a store of text, and inherits the rest.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 */
public abstract class ConditionalStoreContract extends UpdateProperties {

  private static final int CLIENTS = 3;
  private static final int CALLS = 25;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** For subclasses. */
  protected ConditionalStoreContract() {}

  @Test
  @Proves("LEASE-90")
  void readsAndWritesAreLinearizable() throws Exception {
    Seeds.check(
        3,
        (seed, random) -> {
          List<Key> keys = List.of(key(), key());
          ConditionalHistory history = new ConditionalHistory();
          List<Background<Boolean>> clients = new ArrayList<>();
          for (int c = 0; c < CLIENTS; c++) {
            String name = "c" + c;
            RandomGenerator own = Seeds.random(random.nextLong());
            clients.add(Background.start(name, () -> calls(name, history, keys, own)));
          }
          for (Background<Boolean> client : clients) {
            Eventually.holds("the end of a client", PATIENCE, client::isDone);
            assertThat(client.result()).isTrue();
          }
          history.verdict().orThrow();
        });
  }

  private boolean calls(
      String name, ConditionalHistory history, List<Key> keys, RandomGenerator random)
      throws InterruptedException {
    LossyConditionalStore<String> store = new LossyConditionalStore<>(open(), () -> anyWay(random));
    Map<Key, State> known = new HashMap<>();
    for (int i = 0; i < CALLS; i++) {
      Key key = keys.get(random.nextInt(keys.size()));
      // What was read before is mostly out of date, and a write on top of it is to be refused.
      State seen = random.nextInt(3) == 0 ? known.get(key) : null;
      if (seen == null) {
        seen = history.read(name, store, key, soon());
        known.put(key, seen);
      }
      Write<String> write =
          random.nextInt(4) == 0
              ? Write.deleteIfVersion(key, seen.version(), nonce())
              : Write.putIfVersion(key, name + "-" + i, seen.version(), nonce());
      history.write(name, store, write, seen, new Sending(1 + random.nextInt(3), soon()));
    }
    store.arrive(soon());
    return true;
  }

  @Test
  @Proves("LEASE-91")
  void versionsGrowByOneAlsoOverADeletion() throws Exception {
    Key key = key();

    assertThat(get(key)).isEqualTo(Versioned.never());
    assertThat(applied(Write.putIfVersion(key, "a", 0, nonce()))).isEqualTo(1);
    assertThat(applied(Write.putIfVersion(key, "b", 1, nonce()))).isEqualTo(2);
    assertThat(applied(Write.deleteIfVersion(key, 2, nonce()))).isEqualTo(3);
    assertThat(get(key).version()).isEqualTo(3);
    assertThat(applied(Write.putIfVersion(key, "c", 3, nonce()))).isEqualTo(4);
    assertThat(applied(Write.deleteIfVersion(key, 4, nonce()))).isEqualTo(5);
    assertThat(applied(Write.putIfAbsent(key, "d", nonce()))).isEqualTo(6);
    assertThat(applied(Write.putIfFence(key, "e", fence("job", 1), nonce()))).isEqualTo(7);
    assertThat(get(key).version()).isEqualTo(7);
  }

  @Test
  @Proves("LEASE-91")
  void aValueThatIsTheSameAgainIsAnother() throws Exception {
    Key key = key();
    applied(Write.putIfVersion(key, "a", 0, nonce()));
    applied(Write.putIfVersion(key, "b", 1, nonce()));
    applied(Write.putIfVersion(key, "a", 2, nonce()));

    Versioned<String> current = refused(Write.putIfVersion(key, "late", 1, nonce()));

    assertThat(current.value()).hasValue("a");
    assertThat(current.version()).isEqualTo(3);
    applied(Write.deleteIfVersion(key, 3, nonce()));
    refused(Write.putIfVersion(key, "late", 0, nonce()));
    applied(Write.putIfAbsent(key, "a", nonce()));
    refused(Write.putIfVersion(key, "late", 1, nonce()));
    refused(Write.putIfVersion(key, "ahead", 6, nonce()));
    assertThat(get(key).value()).hasValue("a");
  }

  @Test
  @Proves("LEASE-92")
  void whatIsDeletedIsAbsent() throws Exception {
    Key key = key();
    applied(Write.putIfAbsent(key, "a", nonce()));
    assertThat(refused(Write.putIfAbsent(key, "b", nonce())).value()).hasValue("a");

    refused(Write.deleteIfVersion(key, 0, nonce()));
    assertThat(get(key).value()).hasValue("a");
    applied(Write.deleteIfVersion(key, 1, nonce()));

    assertThat(get(key).value()).isEmpty();
    applied(Write.putIfAbsent(key, "", nonce()));
    assertThat(get(key).value()).hasValue("");
  }

  @Test
  @Proves("LEASE-92")
  void ofSeveralThatCreateOneDoes() throws Exception {
    for (boolean deleted : List.of(false, true)) {
      Key key = key();
      if (deleted) {
        applied(Write.putIfAbsent(key, "before", nonce()));
        applied(Write.deleteIfVersion(key, 1, nonce()));
      }
      List<Background<Outcome<String>>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Write<String> write = Write.putIfAbsent(key, "v" + i, nonce());
        all.add(Background.start("creator-" + i, () -> apply(write)));
      }
      List<String> created = new ArrayList<>();
      for (int i = 0; i < all.size(); i++) {
        Eventually.holds("the end of a creator", PATIENCE, all.get(i)::isDone);
        if (all.get(i).result() instanceof Outcome.Applied) {
          created.add("v" + i);
        }
      }
      assertThat(created).hasSize(1);
      assertThat(get(key).value()).hasValue(created.get(0));
    }
  }

  @Test
  @Proves("LEASE-93")
  void noSmallerNumberIsAcceptedAfterALarger() throws Exception {
    Key key = key();
    applied(Write.putIfFence(key, "two", fence("job", 2), nonce()));

    Versioned<String> current = refused(Write.putIfFence(key, "one", fence("job", 1), nonce()));

    assertThat(current.value()).hasValue("two");
    assertThat(current.fence()).hasValue(new FenceMark(new LeaseName("job"), new FencingToken(2)));
    applied(Write.putIfFence(key, "two again", fence("job", 2), nonce()));
    applied(Write.putIfVersion(key, "unfenced", 2, nonce()));
    refused(Write.putIfFence(key, "one", fence("job", 1), nonce()));
    applied(Write.deleteIfVersion(key, 3, nonce()));
    refused(Write.putIfFence(key, "one", fence("job", 1), nonce()));
    assertThat(get(key).value()).isEmpty();
  }

  @Test
  @Proves("LEASE-93")
  void numbersInAnyOrderNeverGoBack() throws Exception {
    Seeds.check(
        3,
        (seed, random) -> {
          Key key = key();
          long largest = 0;
          for (int i = 0; i < 12; i++) {
            long token = random.nextLong(1, 11);
            Outcome<String> outcome =
                apply(Write.putIfFence(key, "by " + token, fence("job", token), nonce()));
            assertThat(outcome instanceof Outcome.Applied)
                .as("%d after %d", token, largest)
                .isEqualTo(token >= largest);
            largest = Math.max(token, largest);
            assertThat(get(key).value()).hasValue("by " + largest);
          }
        });
  }

  @Test
  @Proves("LEASE-93")
  void aNumberOfAnotherLeaseSaysNothing() throws Exception {
    Key key = key();
    applied(Write.putIfFence(key, "mine", fence("job", 1), nonce()));

    assertThatThrownBy(() -> apply(Write.putIfFence(key, "x", fence("other", 9), nonce())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("other (expected: job");
    assertThat(get(key).value()).hasValue("mine");
  }

  @Test
  @Proves("LEASE-94")
  void aWriteThatComesAgainHasNoSecondEffect() throws Exception {
    Key key = key();
    Write<String> created = Write.putIfAbsent(key, "a", longNonce());
    applied(created);
    Write<String> deleted = Write.deleteIfVersion(key, 1, longNonce());
    applied(deleted);
    assertThat(applied(created)).as("created again").isEqualTo(1);
    assertThat(get(key).value()).isEmpty();

    Write<String> fenced = Write.putIfFence(key, "b", fence("job", 1), longNonce());
    applied(fenced);
    applied(Write.putIfFence(key, "c", fence("job", 1), longNonce()));
    assertThat(applied(fenced)).as("fenced again").isEqualTo(3);
    assertThat(applied(deleted)).as("deleted again").isEqualTo(2);
    assertThat(get(key).value()).hasValue("c");

    others(key, Versioned.NONCES_KEPT - 4);
    assertThat(applied(created)).as("created, under fifteen").isEqualTo(1);
    assertThat(get(key).version()).isEqualTo(Versioned.NONCES_KEPT);
  }

  @Test
  @Proves("LEASE-94")
  void namesAndNoncesThatDifferInCaseAreOthers() throws Exception {
    String nonce = nonce();
    String name = key().value();
    Key lower = new Key(name + "-a");
    Key upper = new Key(name + "-A");
    applied(Write.putIfAbsent(lower, "a", nonce + "-a"));

    assertThat(get(upper)).isEqualTo(Versioned.never());
    assertThat(applied(Write.putIfAbsent(upper, "b", nonce + "-A"))).isEqualTo(1);
    applied(Write.deleteIfVersion(lower, 1, nonce()));
    assertThat(applied(Write.putIfAbsent(lower, "c", nonce + "-A"))).isEqualTo(3);
    assertThat(get(lower).value()).hasValue("c");
  }

  @Test
  @Proves("LEASE-95")
  void readingBackTellsWhatBecameOfAWrite() throws Exception {
    Seeds.check(
        12,
        (seed, random) -> {
          readsBack(random, true);
          readsBack(random, false);
        });
  }

  private void readsBack(RandomGenerator random, boolean carriedOut) throws Exception {
    Key key = key();
    others(key, random.nextInt(3));
    long expected = get(key).version();
    Write<String> write = Write.putIfVersion(key, "mine", expected, nonce());
    if (carriedOut) {
      applied(write);
    }
    int onTop = random.nextInt(Versioned.NONCES_KEPT + 4);
    others(key, onTop);

    Fate fate = get(key).fateOf(write.nonce(), expected);

    Fate otherwise = onTop == 0 ? Fate.NOT_YET : Fate.REFUSED;
    Fate truth = carriedOut ? Fate.APPLIED : otherwise;
    boolean remembered = onTop + (carriedOut ? 1 : 0) <= Versioned.NONCES_KEPT;
    assertThat(fate)
        .as("carried out: %s, others on top: %d", carriedOut, onTop)
        .isIn(remembered ? List.of(truth) : List.of(truth, Fate.FORGOTTEN));
  }

  @Test
  @Proves("LEASE-98")
  void whatIsTooLargeIsRefused() throws Exception {
    Key key = key();
    String most = "x".repeat(ConditionalStore.VALUE_MAX);
    applied(Write.putIfAbsent(key, most, nonce()));
    assertThat(get(key).value()).hasValue(most);

    assertThatThrownBy(() -> apply(Write.putIfVersion(key, most + "x", 1, nonce())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("value: 65536 bytes (expected: at most 65535)");
    assertThat(get(key).version()).isEqualTo(1);
    assertThatThrownBy(() -> new Key("k".repeat(65)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("value: 65 characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    assertThatThrownBy(() -> Write.putIfAbsent(key, "a", "n".repeat(33)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("nonce: 33 characters (expected: 1 to 32 of A-Z a-z 0-9 . _ -)");
  }
}
