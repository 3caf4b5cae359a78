package dev.ashlar.leases.versioned;

import static java.util.Objects.requireNonNull;

/**
 * What an update makes of what it finds.
 *
 * <p><b>Threads.</b> Immutable, if the value is.
 *
 * @param <V> the value
 */
public sealed interface Edit<V> {

  /**
   * Another value.
   *
   * @param value from now on
   */
  record Put<V>(V value) implements Edit<V> {

    /** Checks the part. */
    public Put {
      requireNonNull(value, "value");
    }
  }

  /** No value from now on. */
  record Delete<V>() implements Edit<V> {}

  /** Nothing; the update gives up. */
  record Leave<V>() implements Edit<V> {}
}
