package dev.ashlar.examples.sharednothing;

/**
 * What a node makes of a request.
 *
 * @param <V> what it gives
 */
sealed interface Reply<V> {

  /** Done, in a transaction that the partition's floor let through. */
  record Done<V>(V value) implements Reply<V> {}

  /**
   * Refused, nothing was written: the node that was asked does not own the partition.
   *
   * @param why for people
   */
  record NotOwned<V>(String partition, String why) implements Reply<V> {}
}
