package dev.ashlar.messaging.disk;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.log.CommitResult;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.OwnedPartition;
import dev.ashlar.messaging.log.Position;
import dev.ashlar.messaging.log.ReadResult;
import dev.ashlar.messaging.log.StartAt;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/*
 * A commit is decided under the log's lock: if the epoch still stands, the group's place moves there
 * and then. What is written afterwards, without the lock, only has to outlive the process; and as
 * places only move forwards, it does not matter in which order commits get into the journal, nor that
 * one is written whose owner has just lost its partition: it was decided while he had it.
 */
/** A partition in the hands of one member of a group, for one epoch. */
final class LogOwned implements OwnedPartition {

  private static final Duration SLICE = Duration.ofSeconds(1);

  private final LogEngine engine;
  private final LogGroup group;
  private final int partition;
  private final long epoch;
  private final LogOrdinals ordinals = new LogOrdinals();

  /** Held by one reading at a time, while it looks and not while it waits. */
  private final ReentrantLock reading = new ReentrantLock();

  private volatile LogPlace place;
  private volatile long furthest;

  /** Made under the log's lock. */
  LogOwned(LogEngine engine, LogGroup group, int partition, long epoch) {
    this.engine = engine;
    this.group = group;
    this.partition = partition;
    this.epoch = epoch;
    this.place = group.committed(partition);
    this.furthest = place.number();
  }

  @Override
  public String partition() {
    return LogFormat.id(partition);
  }

  @Override
  public long epoch() {
    return epoch;
  }

  @Override
  public Standing standing() {
    return engine.state().locked(view -> standingNow());
  }

  /** Under the log's lock. */
  Standing standingNow() {
    group.tick(engine.partitions(), engine.state().nowNanos());
    return group.shares.standing(partition(), epoch);
  }

  boolean hasNews() {
    return engine.reads().hasNews(partition, place);
  }

  @Override
  public ReadResult read(int most, Deadline deadline) throws InterruptedException {
    LogReads.checkMost(most);
    return engine
        .state()
        .awaited(deadline, SLICE, () -> readNow(most))
        .orElseGet(() -> new ReadResult.Records(List.of()));
  }

  private Optional<ReadResult> readNow(int most) throws InterruptedException {
    if (standing() == Standing.LOST) {
      return Optional.of(new ReadResult.NotOwned());
    }
    reading.lockInterruptibly();
    try {
      Optional<LogReads.Read> read = engine.reads().read(partition, place, most);
      read.ifPresent(this::note);
      return read.map(LogReads.Read::result);
    } finally {
      reading.unlock();
    }
  }

  private void note(LogReads.Read read) {
    place = read.place();
    furthest = Math.max(furthest, place.number());
    if (read.result() instanceof ReadResult.Records records) {
      long ordinal = place.ordinal() - records.records().size();
      for (LogRecord each : records.records()) {
        ordinal++;
        if (place.ordinal() != LogPlace.UNKNOWN) {
          ordinals.add(LogReads.number(each.position()), ordinal);
        }
      }
    }
  }

  @Override
  public void seek(StartAt start, Deadline deadline) throws InterruptedException {
    engine.state().catchUp();
    LogPlace found = engine.reads().locate(partition, start);
    reading.lockInterruptibly();
    try {
      place = found;
    } finally {
      reading.unlock();
    }
  }

  @Override
  public CommitResult commit(Position position, Deadline deadline) throws InterruptedException {
    long number = LogReads.numberOf(partition, position);
    if (number > furthest) {
      throw new IllegalArgumentException("position: " + position + " (expected: read before)");
    }
    LogPlace committed = new LogPlace(number, ordinals.of(number));
    if (!engine.state().locked(view -> isDecided(committed))) {
      engine.observer().count("log.commit.lost", 1);
      return new CommitResult.Lost();
    }
    try {
      engine.observer().step("log.committing");
      engine.writer().write(LogFormat.commit(partition, committed, group.name), deadline);
    } finally {
      engine.state().locked(view -> group.unwritten--);
    }
    engine.observer().step("log.committed");
    return new CommitResult.Committed();
  }

  private boolean isDecided(LogPlace committed) {
    boolean mine = standingNow() != Standing.LOST;
    if (mine) {
      group.commit(partition, committed);
      group.unwritten++;
    }
    return mine;
  }

  /** Nothing here is ever split or merged, so nothing ends. */
  @Override
  public CommitResult finish(Deadline deadline) {
    if (standing() == Standing.LOST) {
      engine.observer().count("log.commit.lost", 1);
      return new CommitResult.Lost();
    }
    throw new IllegalStateException(
        "partition " + partition + ": not read to its end (expected: ended)");
  }

  @Override
  public void release(Deadline deadline) {
    engine
        .state()
        .changing(
            view -> {
              group.shares.release(partition(), epoch);
              return epoch;
            });
  }
}
