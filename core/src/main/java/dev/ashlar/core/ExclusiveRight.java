package dev.ashlar.core;

/**
 * The right to do something that one process at a time should do.
 *
 * <p>A lease is one. Whoever must run on one node only (a sequencer, a recoverer, a nightly job)
 * asks for this, and so depends on no particular lock.
 *
 * <p><b>Not guaranteed.</b> That it is still held when the next line runs: a pause can fall between
 * {@link #stillHeld()} and the write. The {@link #token()}, checked where the write is stored, is
 * what closes that gap.
 *
 * <p><b>Threads.</b> Safe.
 */
public interface ExclusiveRight {

  /** Returns the number of this grant; it never changes. */
  FencingToken token();

  /** Returns whether the right is held, as far as this process knows now; once false, for ever. */
  boolean stillHeld();
}
