package dev.ashlar.messaging.log;

/**
 * What became of a commit.
 *
 * <p>Losing a partition is part of every group's life, so it is a value.
 *
 * <p><b>Threads.</b> Immutable.
 */
public sealed interface CommitResult {

  /** The group goes on behind the position, or behind a later one that was committed before. */
  record Committed() implements CommitResult {}

  /** The epoch is over: the partition went to somebody else, or back. Nothing was changed. */
  record Lost() implements CommitResult {}
}
