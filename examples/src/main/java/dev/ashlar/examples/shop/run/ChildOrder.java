package dev.ashlar.examples.shop.run;

import dev.ashlar.core.Codec;
import dev.ashlar.serialization.JsonCodec;

/**
 * What a child process is told in its first line of input, where no other process can read it.
 *
 * @param strategy label of the strategy
 * @param service label of the service
 * @param start tells this start of the service from those before
 * @param folder where its database is
 * @param port of the broker, on this machine
 * @param password of the broker
 * @param faults the schedule, as it is written down
 */
record ChildOrder(
    String strategy,
    String service,
    int start,
    String folder,
    int port,
    String password,
    String faults) {

  static final Codec<ChildOrder> CODEC = JsonCodec.of(ChildOrder.class);

  /** The password is nobody's business. */
  @Override
  public String toString() {
    return "ChildOrder[" + strategy + ", " + service + ", " + start + "]";
  }
}
