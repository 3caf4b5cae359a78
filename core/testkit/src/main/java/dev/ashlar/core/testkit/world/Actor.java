package dev.ashlar.core.testkit.world;

/**
 * What runs at a place of a simulated world: a state machine that is told messages and timers, one
 * step at a time.
 *
 * <p>Its fields are the memory of a process: a crash takes them away, and a new actor begins. What
 * must survive stands in {@link Environment#kept}.
 *
 * <p><b>Failures.</b> Whatever a step throws ends the run, as a violation.
 *
 * <p><b>Threads.</b> One thread only.
 *
 * @param <M> the messages
 */
@FunctionalInterface
public interface Actor<M> {

  /** The process has begun, for the first time or after a crash. */
  default void onStart() throws Exception {}

  /**
   * A message has come.
   *
   * @param from the place that sent it
   * @param message never changed by anybody, since copies of it may still be under way
   */
  void onMessage(String from, M message) throws Exception;

  /**
   * A timer has run out, a while ago if the place was paused.
   *
   * @param name as it was set
   */
  default void onTimer(String name) throws Exception {}
}
