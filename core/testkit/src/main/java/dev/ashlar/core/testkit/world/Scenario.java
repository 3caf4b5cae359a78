package dev.ashlar.core.testkit.world;

/**
 * What a simulation runs, over and over: the places of a world, and what must hold in it.
 *
 * <p><b>Threads.</b> One thread only.
 *
 * @param <M> the messages
 */
@FunctionalInterface
public interface Scenario<M> {

  /**
   * Furnishes a new world. Must depend on nothing but the world, or a failure cannot be repeated.
   *
   * @param world empty; its places begin when this returns
   * @return what must hold at the end
   */
  Check furnish(World<M> world) throws Exception;

  /** Something that must hold. */
  @FunctionalInterface
  interface Check {

    /** Throws, an {@link AssertionError} as a rule, if it does not hold. */
    void check() throws Exception;
  }
}
