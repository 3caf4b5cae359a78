package dev.ashlar.leases.testkit;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.leases.versioned.ConditionalStore;
import dev.ashlar.leases.versioned.FenceMark;
import dev.ashlar.leases.versioned.Key;
import dev.ashlar.leases.versioned.Outcome;
import dev.ashlar.leases.versioned.Versioned;
import dev.ashlar.leases.versioned.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A conditional store as one writes it in an hour, with one mistake. */
final class NaiveConditionalStore implements ConditionalStore<String> {

  /** The usual ones. */
  enum Mistake {
    /** Deletes the row, so that versions begin again and the number is forgotten. */
    DELETES_ROWS,
    /** Takes a value that is the same again for the same. */
    COMPARES_VALUES,
    /** Writes whether or not somebody has written in between. */
    LAST_WRITE_WINS,
    /** Answers reads from a copy that is one write behind. */
    READS_A_REPLICA,
    /** Creates over what is there. */
    OVERWRITES,
    /** Hides nothing when it deletes. */
    STILL_SHOWS,
    /** Takes any number. */
    TAKES_ANY_NUMBER,
    /** Lets a write without a number take the larger one away. */
    FORGETS_THE_NUMBER,
    /** Looks at the condition of a write that comes again, not at its nonce. */
    IGNORES_NONCES,
    /** Takes keys that differ in case for the same. */
    IGNORES_CASE,
    /** Keeps the nonce of the last write alone. */
    KEEPS_ONE_NONCE,
    /** Puts the nonce of the last writer under the older versions too. */
    MIXES_UP_NONCES,
    /** Takes values of any size. */
    UNBOUNDED
  }

  private final Mistake mistake;
  private final Map<Key, Versioned<String>> rows = new HashMap<>();
  private final Map<Key, List<Versioned<String>>> past = new HashMap<>();

  NaiveConditionalStore(Mistake mistake) {
    this.mistake = mistake;
  }

  /** Returns the name under which a row is kept. */
  private Key name(Key key) {
    return mistake == Mistake.IGNORES_CASE ? new Key(key.value().toLowerCase(Locale.ROOT)) : key;
  }

  @Override
  public synchronized Versioned<String> get(Key key, Deadline deadline) {
    if (deadline.hasExpired()) {
      throw new BackendException("late", Effect.NONE, new Advice.Transient(), null);
    }
    List<Versioned<String>> all = past(key);
    return mistake == Mistake.READS_A_REPLICA && all.size() > 1
        ? all.get(all.size() - 2)
        : row(key);
  }

  private Versioned<String> row(Key key) {
    return rows.getOrDefault(name(key), Versioned.never());
  }

  private List<Versioned<String>> past(Key key) {
    return past.computeIfAbsent(key, one -> new ArrayList<>());
  }

  @Override
  public synchronized Outcome<String> apply(Write<String> write, Deadline deadline) {
    if (mistake != Mistake.UNBOUNDED && write.value().orElse("").length() > VALUE_MAX) {
      throw new IllegalArgumentException(
          "value: " + write.value().orElse("").length() + " bytes (expected: at most 65535)");
    }
    Versioned<String> row = row(write.key());
    OptionalLong before = row.appliedAt(write.nonce());
    if (before.isPresent() && mistake != Mistake.IGNORES_NONCES) {
      return new Outcome.Applied<>(before.getAsLong());
    }
    if (!holds(write, row)) {
      return new Outcome.Conflict<>(row);
    }
    Versioned<String> next = next(write, row);
    past(write.key()).add(next);
    if (mistake == Mistake.DELETES_ROWS && write.value().isEmpty()) {
      rows.remove(name(write.key()));
    } else {
      rows.put(name(write.key()), next);
    }
    return new Outcome.Applied<>(next.version());
  }

  private boolean holds(Write<String> write, Versioned<String> row) {
    if (write.condition() instanceof Write.Version expected) {
      return mistake == Mistake.LAST_WRITE_WINS
          || row.version() == expected.version()
          || (mistake == Mistake.COMPARES_VALUES && hadValue(write.key(), expected, row));
    }
    if (write.condition() instanceof Write.Absent) {
      return row.value().isEmpty() || mistake == Mistake.OVERWRITES;
    }
    FenceMark mark = ((Write.FenceAtMost) write.condition()).mark();
    if (row.fence().isPresent() && !row.fence().get().lease().equals(mark.lease())) {
      throw new IllegalStateException(
          mark.lease().value() + " (expected: " + row.fence().get().lease().value() + ")");
    }
    return mistake == Mistake.TAKES_ANY_NUMBER
        || row.fence().isEmpty()
        || row.fence().get().token().compareTo(mark.token()) <= 0;
  }

  private boolean hadValue(Key key, Write.Version expected, Versioned<String> row) {
    return past(key).stream()
        .anyMatch(old -> old.version() == expected.version() && old.value().equals(row.value()));
  }

  private Versioned<String> next(Write<String> write, Versioned<String> row) {
    List<String> nonces = new ArrayList<>(List.of(write.nonce()));
    if (mistake == Mistake.MIXES_UP_NONCES) {
      row.nonces().forEach(old -> nonces.add(write.nonce()));
    } else if (mistake != Mistake.KEEPS_ONE_NONCE) {
      nonces.addAll(row.nonces());
    }
    boolean shown = mistake == Mistake.STILL_SHOWS && write.value().isEmpty();
    Optional<FenceMark> fence =
        mistake == Mistake.FORGETS_THE_NUMBER ? Optional.empty() : row.fence();
    return new Versioned<>(
        row.version() + 1,
        shown ? row.value() : write.value(),
        write.condition() instanceof Write.FenceAtMost at ? Optional.of(at.mark()) : fence,
        nonces.subList(0, Math.min(nonces.size(), Versioned.NONCES_KEPT)));
  }
}
