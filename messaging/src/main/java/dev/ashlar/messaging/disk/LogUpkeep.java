package dev.ashlar.messaging.disk;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.journal.Journal;
import java.time.Duration;
import java.util.OptionalLong;

/*
 * There is no thread for this. Whoever follows the journal, and finds that enough has come since the
 * last checkpoint, writes the next one. It costs a part in 64 of what is written, or less.
 *
 * A file is forgotten once retention has left all that is in it, and a checkpoint knows so: what is
 * behind the last checkpoint is what the next opening reads, so that much always stays.
 */
/** Checkpoints of a log, and the files that nobody needs once there is one. */
final class LogUpkeep {

  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

  /** What opening reads at most, about. */
  private static final long EVERY_BYTES = 4 << 20;

  private static final int SHARE = 64;

  private final LogState state;
  private final Journal journal;
  private final int recordMax;
  private final TimeSource time;
  private final Observer observer;

  // All below are guarded by the log's lock.
  private boolean running;
  private long unsaved;
  private long saveAt = EVERY_BYTES;
  private long covered;

  LogUpkeep(LogState state, Journal journal, int recordMax, LogState.Watch watch) {
    this.state = state;
    this.journal = journal;
    this.recordMax = recordMax;
    this.time = watch.time();
    this.observer = watch.observer();
  }

  /** The view knows of so much more; under the log's lock. */
  void grown(long bytes) {
    unsaved += bytes;
  }

  /** Whether it is time, and the one who asks is to do it; under the log's lock. */
  boolean isMine(LogView view) {
    boolean mine = !running && (unsaved >= saveAt || isOldestNeedless(view));
    running |= mine;
    return mine;
  }

  private boolean isOldestNeedless(LogView view) {
    OptionalLong end = journal.endOfOldest();
    return end.isPresent() && keptFrom(view) >= end.getAsLong();
  }

  private static long keptFrom(LogView view) {
    long kept = view.blocks.keptFrom();
    return kept == 0 ? view.applied() : kept;
  }

  /** Writes a checkpoint if it is time, and forgets files, where {@link #isMine} said so. */
  void run() throws InterruptedException {
    try {
      if (!state.locked(this::isSaveDue) || save(Deadline.after(ANSWER_MAX, time))) {
        forget();
      }
    } catch (BackendException e) {
      // What is known is in the journal all the same; opening will take a little longer.
      observer.count("log.checkpoint.failed", 1);
    } finally {
      state.locked(view -> running = false);
    }
  }

  /** Whether enough has come, or nothing but an old checkpoint keeps the oldest file. */
  private boolean isSaveDue(LogView view) {
    OptionalLong end = journal.endOfOldest();
    return unsaved >= saveAt || (end.isPresent() && covered < end.getAsLong());
  }

  /**
   * Writes a checkpoint.
   *
   * @return {@code false} if the deadline came first
   */
  boolean save(Deadline deadline) throws InterruptedException {
    LogCheckpoints.Found checkpoint = state.locked(this::begin);
    observer.step("log.checkpoint.begun");
    boolean written = LogCheckpoints.write(journal, checkpoint, recordMax, deadline);
    observer.step("log.checkpoint.written");
    if (written) {
      state.locked(view -> covered = Math.max(covered, checkpoint.covers()));
    }
    return written;
  }

  private LogCheckpoints.Found begin(LogView view) {
    Bytes bytes = Bytes.owning(view.checkpoint());
    unsaved = 0;
    saveAt = Math.max(EVERY_BYTES, (long) SHARE * bytes.size());
    return new LogCheckpoints.Found(view.applied(), bytes);
  }

  private void forget() {
    long before = state.locked(view -> Math.min(covered, keptFrom(view)));
    OptionalLong end = journal.endOfOldest();
    if (end.isPresent() && end.getAsLong() <= before) {
      journal.forgetBefore(before);
      observer.step("log.segment.forgotten");
    }
  }
}
