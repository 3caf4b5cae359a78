package dev.ashlar.core.testkit.world;

import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * All that an {@link Actor} knows of the world.
 *
 * <p><b>Threads.</b> One thread only.
 *
 * @param <M> the messages
 */
public interface Environment<M> {

  /** Returns the name of the place. */
  String name();

  /**
   * Returns whether a process runs here, if only paused: for invariants, which look from outside.
   */
  boolean isUp();

  /**
   * Sends a message, which may come late, twice, out of order, or never.
   *
   * @param to the name of a place, this one included
   * @param message an immutable value
   */
  void send(String to, M message);

  /**
   * Sets the timer of that name; if it runs already, it begins anew.
   *
   * @param name one timer for each name
   * @param delay by the place's own elapsed clock
   */
  void setTimer(String name, Duration delay);

  /** Stops the timer of that name, if it runs. */
  void cancelTimer(String name);

  /**
   * Returns the place's own clocks. They can be read at any time, also while the place is paused;
   * {@code sleep} and {@code await} are refused, since there is one thread for everybody.
   */
  TimeSource time();

  /** Returns chance of this place's own, by the run's seed. */
  RandomGenerator random();

  /**
   * Returns what the place keeps under a name when it crashes: its disk. What is changed in it is
   * durable at once.
   *
   * @param name of the content
   * @param empty makes it, for the first time and after a loss of data
   */
  <T> T kept(String name, Supplier<T> empty);
}
