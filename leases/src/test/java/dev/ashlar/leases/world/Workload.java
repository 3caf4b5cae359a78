package dev.ashlar.leases.world;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What workers do under the lease, and what must hold of it.
 *
 * @param <V> what a resource contains, an immutable value that is written whole
 */
interface Workload<V> {

  /** Returns what is claimed, in this order, before anything is written. */
  List<String> resources();

  /** Returns what each resource contains at the beginning. */
  V empty();

  /** Begins the work of a tenure. */
  Job<V> job(String worker, long token);

  /** A resource takes a write. */
  default void applied(String resource, long token, V content) {}

  /** Everything is over; the contents are what the resources have. */
  void end(Map<String, V> contents);

  /** The work of one tenure. */
  interface Job<V> {

    /** A claim is about to be sent; returns who is told what it read. */
    default Consumer<V> claiming(String resource) {
      return content -> {};
    }

    /**
     * Returns what to write next. Its calls begin now.
     *
     * @param contents as known from the claims and the writes since
     */
    Change<V> next(Map<String, V> contents);
  }

  /**
   * One write.
   *
   * @param acknowledged runs when the resource has said that it took it
   */
  record Change<V>(String resource, V content, Runnable acknowledged) {}
}
