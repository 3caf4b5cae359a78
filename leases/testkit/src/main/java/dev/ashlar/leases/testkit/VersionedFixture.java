package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.FencingToken;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.versioned.ConditionalStore;
import dev.ashlar.leases.versioned.Edit;
import dev.ashlar.leases.versioned.Key;
import dev.ashlar.leases.versioned.Outcome;
import dev.ashlar.leases.versioned.Updated;
import dev.ashlar.leases.versioned.Updater;
import dev.ashlar.leases.versioned.Versioned;
import dev.ashlar.leases.versioned.Write;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What the tests of a conditional store need. An adapter says how to open it.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 */
public abstract class VersionedFixture extends Contract {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final IdSource ids = IdSource.of(TimeSource.system(), Seeds.random(Seeds.next()));

  /** For subclasses. */
  protected VersionedFixture() {}

  /**
   * Returns the store; each call another way to the same values. The tests use fresh keys, so it
   * need not be empty.
   */
  protected abstract ConditionalStore<String> open();

  /** Updates as the library does; a twin does it otherwise. */
  protected Updated<String> update(
      ConditionalStore<String> store, int triesMax, Key key, Append edit, Deadline deadline)
      throws InterruptedException {
    return Updater.of(store, ids, Seeds.random(Seeds.next()), Observer.none())
        .withTriesMax(triesMax)
        .update(key, edit, deadline);
  }

  /**
   * An edit that adds an element to a list, so that one carried out twice shows.
   *
   * @param element to be the last
   */
  public record Append(String element) implements Function<Optional<String>, Edit<String>> {

    @Override
    public Edit<String> apply(Optional<String> list) {
      return new Edit.Put<>(list.map(before -> before + "," + element).orElse(element));
    }
  }

  @Override
  protected Set<String> guarantees() {
    return Set.of();
  }

  /** Returns a deadline far away. */
  protected final Deadline soon() {
    return Deadline.after(PATIENCE, TimeSource.system());
  }

  final Key key() {
    return new Key("k-" + ids.text());
  }

  final String nonce() {
    return ids.text();
  }

  /** Returns a nonce as long as one can be. */
  final String longNonce() {
    return ids.text() + "-long.";
  }

  final Versioned<String> get(Key key) throws InterruptedException {
    return open().get(key, soon());
  }

  final Outcome<String> apply(Write<String> write) throws InterruptedException {
    return open().apply(write, soon());
  }

  final long applied(Write<String> write) throws InterruptedException {
    Outcome<String> outcome = apply(write);
    assertThat(outcome).as("of %s", write).isInstanceOf(Outcome.Applied.class);
    return ((Outcome.Applied<String>) outcome).version();
  }

  final Versioned<String> refused(Write<String> write) throws InterruptedException {
    Outcome<String> outcome = apply(write);
    assertThat(outcome).as("of %s", write).isInstanceOf(Outcome.Conflict.class);
    return ((Outcome.Conflict<String>) outcome).current();
  }

  /** Somebody else writes on top, so many times. */
  final void others(Key key, int writes) throws InterruptedException {
    for (int i = 0; i < writes; i++) {
      Versioned<String> seen = get(key);
      String value = seen.value().map(list -> list + ",o").orElse("o");
      applied(Write.putIfVersion(key, value, seen.version(), longNonce()));
    }
  }

  static Fence fence(String lease, long token) {
    Contender holder = new Contender(new LeaseName(lease), "host", "nonce-" + token);
    return new Fence(holder, new FencingToken(token));
  }
}
