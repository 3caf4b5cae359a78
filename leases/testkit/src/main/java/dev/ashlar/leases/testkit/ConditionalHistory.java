package dev.ashlar.leases.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.history.CallHistory;
import dev.ashlar.core.testkit.history.Linearizability;
import dev.ashlar.core.testkit.history.Register;
import dev.ashlar.core.testkit.history.Register.CompareAndSet;
import dev.ashlar.core.testkit.history.Register.Done;
import dev.ashlar.core.testkit.history.Register.Read;
import dev.ashlar.core.testkit.history.Verdict;
import dev.ashlar.leases.versioned.ConditionalStore;
import dev.ashlar.leases.versioned.Key;
import dev.ashlar.leases.versioned.Outcome;
import dev.ashlar.leases.versioned.Versioned;
import dev.ashlar.leases.versioned.Versioned.Fate;
import dev.ashlar.leases.versioned.Write;
import java.util.Optional;

/**
 * The reads and writes of several clients, as a history of registers: the state of a key is its
 * version and its value, and a write on a version is one that replaces exactly that state.
 */
final class ConditionalHistory {

  private final CallHistory<Register.Input<State>, Register.Output<State>> calls =
      CallHistory.of(TimeSource.system(), 10_000);

  /** What a key holds. */
  record State(long version, Optional<String> value) {}

  State read(String client, ConditionalStore<String> store, Key key, Deadline deadline)
      throws InterruptedException {
    return ((Register.Value<State>)
            calls.record(
                client,
                key.value(),
                new Read<>(),
                () -> new Register.Value<>(state(store.get(key, deadline)))))
        .value();
  }

  private static State state(Versioned<String> seen) {
    return new State(seen.version(), seen.value());
  }

  /** Replaces a state that was read; sends the same write until there is an answer. */
  void write(
      String client, ConditionalStore<String> store, Write<String> write, State seen, Sending how)
      throws InterruptedException {
    var call =
        calls.invoke(
            client,
            write.key().value(),
            new CompareAndSet<>(seen, new State(seen.version() + 1, write.value())));
    boolean unclear = false;
    for (int i = 0; i < how.sendings(); i++) {
      Outcome<String> outcome = store.apply(write, how.deadline());
      if (outcome instanceof Outcome.Applied) {
        call.ok(new Done<>(true));
        return;
      }
      if (outcome instanceof Outcome.Conflict<String> conflict) {
        boolean decided =
            !unclear || conflict.current().fateOf(write.nonce(), seen.version()) == Fate.REFUSED;
        if (decided) {
          call.ok(new Done<>(false));
        }
        return;
      }
      unclear = true;
    }
  }

  /** How often a write is sent, and until when. */
  record Sending(int sendings, Deadline deadline) {}

  Verdict verdict() {
    return Linearizability.of(Register.startingAt(new State(0, Optional.empty())))
        .check(calls.operations());
  }
}
