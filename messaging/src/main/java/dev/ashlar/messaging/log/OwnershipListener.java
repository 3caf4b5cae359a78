package dev.ashlar.messaging.log;

/**
 * Is told when a consumer begins and ends to own partitions; beside {@link LogConsumer#owned()},
 * which says how it is, not how it came to be.
 *
 * <p>Told late, in the consumer's own thread, so both methods are short. An exception stops the
 * consumer.
 */
public interface OwnershipListener {

  /** The consumer owns a partition, and has handled nothing of it in this epoch. */
  void gained(String partition, long epoch);

  /** The consumer owns a partition no longer, and starts no handler for what it had read of it. */
  void lost(String partition, long epoch);

  /** Returns the listener that does nothing. */
  static OwnershipListener none() {
    return new OwnershipListener() {
      @Override
      public void gained(String partition, long epoch) {}

      @Override
      public void lost(String partition, long epoch) {}
    };
  }
}
