package dev.ashlar.leases.elect;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who listens, and what each was told last: so what to tell next follows from the state, and no
 * event can be lost, doubled or overtaken.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 */
final class Roll {

  private final List<Entry> entries = new ArrayList<>();

  private static final class Entry {
    private final TermListener listener;

    /** It has heard, or hears just now, of the beginning of a term, and not the end of its end. */
    private boolean told;

    Entry(TermListener listener) {
      this.listener = listener;
    }
  }

  /** What one listener is to be told. */
  record Notice(TermListener listener, Term term, Optional<EndCause> end, Runnable done) {

    /** Tells it, in the caller's thread. */
    void tell() throws Exception {
      if (end.isPresent()) {
        listener.ended(term, end.get());
      } else {
        listener.elected(term);
      }
    }
  }

  void add(TermListener listener) {
    entries.add(new Entry(listener));
  }

  int size() {
    return entries.size();
  }

  /** Returns whether every listener that was told of a term was told of its end. */
  boolean isQuiet() {
    return entries.stream().noneMatch(entry -> entry.told);
  }

  /**
   * Returns whom to tell what, if there is anything to tell. An office stays until all are quiet,
   * so whoever was told of a term was told of this one.
   */
  Optional<Notice> next(Optional<Office> office) {
    return office.flatMap(one -> one.cause().isPresent() ? end(one) : beginning(one.term()));
  }

  private Optional<Notice> end(Office office) {
    return entries.stream()
        .filter(entry -> entry.told)
        .findFirst()
        .map(
            entry ->
                new Notice(
                    entry.listener, office.term(), office.cause(), () -> entry.told = false));
  }

  private Optional<Notice> beginning(Term term) {
    Optional<Entry> next = entries.stream().filter(entry -> !entry.told).findFirst();
    // Whatever becomes of the call, its end will have to be told.
    next.ifPresent(entry -> entry.told = true);
    return next.map(entry -> new Notice(entry.listener, term, Optional.empty(), () -> {}));
  }
}
