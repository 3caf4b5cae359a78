package dev.ashlar.messaging.disk;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Journal;
import dev.ashlar.messaging.log.Lag;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.LogReader;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.StartAt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The parts of one log on disk, put together; and how far its groups are behind. */
final class LogEngine {

  /** How long opening and joining wait for the disk, and closing for what is left to be written. */
  static final Duration ANSWER_MAX = Duration.ofSeconds(30);

  private final String name;
  private final Journal journal;
  private final TimeSource time;
  private final Observer observer;
  private final LogView view;
  private final LogState state;
  private final LogChunks chunks;
  private final LogReads reads;
  private final LogWriter writer;
  private final LogGroups groups;

  private LogEngine(
      String name, Journal journal, LogView view, DiskOptions disk, LogState.Watch watch) {
    this.name = name;
    this.journal = journal;
    this.view = view;
    this.time = watch.time();
    this.observer = watch.observer();
    this.state = new LogState(name, view, journal, disk.recordMaxBytes(), watch);
    this.chunks = new LogChunks(journal);
    this.reads = new LogReads(state, chunks);
    this.writer = new LogWriter(journal, state, view, disk, watch);
    this.groups = new LogGroups(this, watch.time());
  }

  /** Reads what is behind the last checkpoint, and writes another: what the new opening begins. */
  static LogEngine open(
      String name, Journal journal, LogOptions options, DiskOptions disk, LogState.Watch watch)
      throws InterruptedException {
    LogView view = new LogView(options);
    long now = watch.time().nanos();
    long wall = LogFormat.nanosOf(watch.time().wallTime());
    // No lambda: each of the first ones of a process costs an opening some 5 ms.
    Optional<LogCheckpoints.Found> found = LogCheckpoints.last(journal);
    if (found.isPresent()) {
      view.restore(found.get().covers(), found.get().bytes().toArray(), now, wall);
    }
    LogState.Watch quiet = new LogState.Watch(watch.time(), Observer.none());
    new LogState(name, view, journal, disk.recordMaxBytes(), quiet).recover();
    LogEngine engine = new LogEngine(name, journal, view, disk, watch);
    if (!engine.state.upkeep().save(Deadline.after(ANSWER_MAX, watch.time()))) {
      throw new BackendException(
          "log " + name + ": the disk does not answer",
          Effect.UNKNOWN,
          new Advice.Transient(),
          null);
    }
    return engine;
  }

  String name() {
    return name;
  }

  LogState state() {
    return state;
  }

  LogReads reads() {
    return reads;
  }

  LogChunks chunks() {
    return chunks;
  }

  LogWriter writer() {
    return writer;
  }

  LogGroups groups() {
    return groups;
  }

  Observer observer() {
    return observer;
  }

  Journal journal() {
    return journal;
  }

  List<String> partitions() {
    return view.partitions;
  }

  int partition(String id) {
    int index = view.partitions.indexOf(id);
    if (index < 0) {
      throw new IllegalArgumentException(
          "partition: " + id + " (expected: one of log " + name + ")");
    }
    return index;
  }

  LogReader reader(String id, StartAt start) throws InterruptedException {
    int partition = partition(id);
    state.catchUp();
    return new LogCursor(state, reads, partition, reads.locate(partition, start));
  }

  List<Lag> lag(String groupName) throws InterruptedException {
    state.catchUp();
    List<Lag> lags = new ArrayList<>();
    for (int i = 0; i < view.partitions.size(); i++) {
      lags.add(lag(groupName, i));
    }
    return lags;
  }

  private Lag lag(String groupName, int partition) {
    LogPlace committed =
        state.locked(
            now -> {
              LogGroup group = now.groups.get(groupName);
              return group == null ? LogPlace.BEGINNING : group.committed(partition);
            });
    LogPlace place = new LogPlace(committed.number(), reads.ordinal(partition, committed));
    if (committed.ordinal() == LogPlace.UNKNOWN) {
      state.locked(now -> remember(now, groupName, partition, place));
    }
    LogPlace end = state.locked(now -> now.blocks.end(partition));
    LogPlace beginning = state.locked(now -> now.blocks.beginning(partition));
    long records = Math.max(0, end.ordinal() - Math.max(place.ordinal(), beginning.ordinal()));
    Duration behind =
        records == 0
            ? Duration.ZERO
            : reads.next(partition, place).map(this::age).orElse(Duration.ZERO);
    return new Lag(view.partitions.get(partition), OptionalLong.of(records), behind, Duration.ZERO);
  }

  /** What was counted once need not be counted again. */
  private static boolean remember(LogView now, String group, int partition, LogPlace place) {
    LogGroup known = now.groups.get(group);
    if (known != null) {
      known.commit(partition, place);
    }
    return known != null;
  }

  private Duration age(LogRecord entry) {
    Duration age = Duration.between(entry.appendedAt(), time.wallTime());
    return age.isNegative() ? Duration.ZERO : age;
  }

  /** Writes a checkpoint for the next opening, as far as that is possible, and gives all back. */
  void close() {
    try {
      state.catchUp();
      state.upkeep().save(Deadline.after(ANSWER_MAX, time));
    } catch (BackendException e) {
      observer.count("log.checkpoint.failed", 1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException closedBefore) {
      return;
    }
    state.close();
    chunks.close();
    journal.close();
  }
}
