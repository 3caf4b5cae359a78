package dev.ashlar.messaging.journal;

import dev.ashlar.messaging.journal.SegmentFormat.Name;
import java.util.ArrayList;
import java.util.List;

/** Which segments there are, in order. Readers look while one thread changes it. */
final class Segments {

  private volatile List<Name> names = List.of();

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
