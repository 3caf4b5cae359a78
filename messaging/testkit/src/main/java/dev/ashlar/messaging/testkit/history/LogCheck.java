package dev.ashlar.messaging.testkit.history;

import dev.ashlar.core.Bytes;
import dev.ashlar.messaging.testkit.history.Event.Append;
import dev.ashlar.messaging.testkit.history.Event.Commit;
import dev.ashlar.messaging.testkit.history.Event.Finish;
import dev.ashlar.messaging.testkit.history.Event.Read;
import dev.ashlar.messaging.testkit.history.Verdict.Anomaly;
import dev.ashlar.messaging.testkit.history.Verdict.Finding;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/*
 * A group's progress
 * ------------------
 *
 * A group that starts at the end of a log is right not to read what lies before, and the history does not
 * say where it started. So a group answers for what lies behind the first place that it read.
 *
 * A record hinders a commit at or behind its place if it was read before the commit began and not
 * finished before the commit ended. The commits pass in the order of their ends and the finishes with
 * them; those that are open stand in a tree by place, so the lowest open one is found at once.
 */

/** What a history shows of a log. */
final class LogCheck {

  private final Map<Place, Event> contents = new LinkedHashMap<>();
  private final Map<String, TreeMap<BigInteger, Append>> appends = new LinkedHashMap<>();
  private final Map<Owner, Progress> groups = new LinkedHashMap<>();
  private final List<Finding> findings;

  LogCheck(List<Event> events, List<Finding> findings) {
    this.findings = findings;
    for (Event event : events) {
      if (event instanceof Append append) {
        append.place().ifPresent(place -> appended(place, append));
      } else if (event instanceof Read read) {
        compare(read.place(), read, read.content());
        progress(read.group(), read.place()).reads.add(read);
      } else if (event instanceof Finish finish) {
        progress(finish.group(), finish.place()).finishes.add(finish);
      } else if (event instanceof Commit commit) {
        progress(commit.group(), commit.place()).commits.add(commit);
      }
    }
  }

  private void appended(Place place, Append append) {
    compare(place, append, append.content());
    if (append.answer() == Event.Answer.CONFIRMED) {
      appends
          .computeIfAbsent(place.partition(), each -> new TreeMap<>())
          .put(place.position(), append);
    }
  }

  private void compare(Place place, Event event, Bytes content) {
    Event earlier = contents.putIfAbsent(place, event);
    if (earlier != null && !content(earlier).equals(content)) {
      findings.add(new Finding(Anomaly.DIVERGENT_CONTENT, List.of(earlier, event)));
    }
  }

  private static Bytes content(Event event) {
    return event instanceof Append append ? append.content() : ((Read) event).content();
  }

  private Progress progress(String group, Place place) {
    return groups.computeIfAbsent(new Owner(group, place.partition()), each -> new Progress());
  }

  void run(boolean drained) {
    groups.forEach((owner, progress) -> skipped(owner, progress, drained));
    groups.values().forEach(this::beyondUnfinished);
  }

  /** Before the end, only a commit says that a group will not read a place any more. */
  private void skipped(Owner owner, Progress progress, boolean drained) {
    TreeMap<BigInteger, Read> read = new TreeMap<>();
    progress.reads.forEach(each -> read.putIfAbsent(each.place().position(), each));
    TreeMap<BigInteger, Append> stored = appends.getOrDefault(owner.partition(), new TreeMap<>());
    if (read.isEmpty()) {
      return;
    }
    Furthest furthest = new Furthest(progress.commits);
    for (Append append : stored.tailMap(read.firstKey(), false).values()) {
      BigInteger position = append.place().orElseThrow().position();
      if (read.containsKey(position)) {
        continue;
      }
      Optional<Commit> passed = furthest.passing(append);
      if (passed.isPresent()) {
        findings.add(new Finding(Anomaly.SKIPPED_POSITION, List.of(append, passed.get())));
      } else if (drained) {
        Read before = read.lowerEntry(position).getValue();
        findings.add(new Finding(Anomaly.SKIPPED_POSITION, List.of(append, before)));
      }
    }
  }

  private void beyondUnfinished(Progress progress) {
    Map<Place, Long> finished = new LinkedHashMap<>();
    for (Finish finish : progress.finishes) {
      finished.merge(finish.place(), finish.span().began(), Math::min);
    }
    List<Step> steps = new ArrayList<>();
    Map<Place, Read> firstReads = new LinkedHashMap<>();
    progress.reads.forEach(read -> firstReads.putIfAbsent(read.place(), read));
    for (Read read : firstReads.values()) {
      long closed = finished.getOrDefault(read.place(), Long.MAX_VALUE);
      steps.add(new Step(read.span().ended(), open -> open.put(position(read), read)));
      if (closed < Long.MAX_VALUE) {
        steps.add(new Step(closed, open -> open.remove(position(read))));
      }
    }
    for (Commit commit : progress.commits) {
      steps.add(new Step(commit.span().ended(), open -> judge(open, commit)));
    }
    steps.sort(Comparator.comparingLong(Step::moment));
    TreeMap<BigInteger, Read> open = new TreeMap<>();
    steps.forEach(step -> step.change().apply(open));
  }

  private static BigInteger position(Read read) {
    return read.place().position();
  }

  private void judge(NavigableMap<BigInteger, Read> open, Commit commit) {
    for (Read read : open.headMap(commit.place().position(), true).values()) {
      if (read.span().isBefore(commit.span())) {
        findings.add(new Finding(Anomaly.COMMITTED_BEYOND_UNFINISHED, List.of(read, commit)));
        return;
      }
    }
  }

  private record Owner(String group, String partition) {}

  /** Something that changes what is open, at a moment. */
  private record Step(long moment, Change change) {}

  private interface Change {
    void apply(NavigableMap<BigInteger, Read> open);
  }

  /** All that one group did in one partition. */
  private static final class Progress {
    final List<Read> reads = new ArrayList<>();
    final List<Finish> finishes = new ArrayList<>();
    final List<Commit> commits = new ArrayList<>();
  }

  /** For each moment, the commit from then on that went furthest. */
  private static final class Furthest {
    private final TreeMap<Long, Commit> from = new TreeMap<>();

    Furthest(List<Commit> commits) {
      List<Commit> latestFirst = new ArrayList<>(commits);
      latestFirst.sort(Comparator.comparingLong((Commit each) -> -each.span().began()));
      Optional<Commit> best = Optional.empty();
      for (Commit commit : latestFirst) {
        if (best.filter(other -> position(other).compareTo(position(commit)) >= 0).isEmpty()) {
          best = Optional.of(commit);
        }
        from.put(commit.span().began(), best.get());
      }
    }

    /** Returns a commit at or behind a record that began after the record was stored. */
    Optional<Commit> passing(Append append) {
      BigInteger position = append.place().orElseThrow().position();
      return Optional.ofNullable(from.higherEntry(append.span().ended()))
          .map(Map.Entry::getValue)
          .filter(commit -> position(commit).compareTo(position) >= 0);
    }

    private static BigInteger position(Commit commit) {
      return commit.place().position();
    }
  }
}
