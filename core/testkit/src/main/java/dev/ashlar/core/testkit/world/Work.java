package dev.ashlar.core.testkit.world;

/** Something to be done at a moment. */
@FunctionalInterface
interface Work {
  void run() throws Exception;
}
