package dev.ashlar.messaging.journal;

import dev.ashlar.messaging.journal.SegmentFormat.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which segments there are, in order. Readers look while one thread changes it. */
final class Segments {

  private volatile List<Name> names = List.of();

  private volatile @Nullable Growing growing;

  Segments(List<Name> names) {
    this.names = List.copyOf(names);
  }

  List<Name> names() {
    return names;
  }

  boolean isEmpty() {
    return names.isEmpty();
  }

  Name last() {
    List<Name> all = names;
    return all.get(all.size() - 1);
  }

  /** Which segment is written to from now on. */
  void grow(Growing active) {
    growing = active;
  }

  /** The segment of this name if it is the one that is written to. */
  Optional<Growing> growing(Name name) {
    Growing now = growing;
    return now != null && now.header().name().equals(name) ? Optional.of(now) : Optional.empty();
  }

  boolean contains(Name name) {
    return names.contains(name);
  }

  synchronized void add(Name name) {
    List<Name> all = new ArrayList<>(names);
    all.add(name);
    names = List.copyOf(all);
  }

  synchronized void remove(Name name) {
    List<Name> all = new ArrayList<>(names);
    all.remove(name);
    names = List.copyOf(all);
  }

  /** The segment that holds a record: the last one that begins at it or before. */
  Name holding(long number) {
    List<Name> all = names;
    int low = 0;
    int high = all.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (all.get(middle).first() <= number) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return all.get(low);
  }

  /**
   * Where a segment ends because another begins; what it holds from there on was never
   * acknowledged.
   *
   * @return {@link Long#MAX_VALUE} for the last
   */
  long endOf(Name name) {
    List<Name> all = names;
    long next = all.isEmpty() ? 0 : name.id() - all.get(0).id() + 1;
    return next >= all.size() ? Long.MAX_VALUE : all.get((int) Math.max(0, next)).first();
  }
}
