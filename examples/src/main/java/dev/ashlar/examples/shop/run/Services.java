package dev.ashlar.examples.shop.run;

import dev.ashlar.core.Deadline;
import dev.ashlar.examples.shop.service.Service;
import java.util.Optional;
import java.util.OptionalLong;

/** All services of one strategy, each of which may die and is started again. */
interface Services extends AutoCloseable {

  /** Returns how many messages a service has still to send; empty if it does not answer now. */
  OptionalLong unsent(Service service, Deadline deadline) throws InterruptedException;

  /** Returns what no restart can mend, if it has happened. */
  Optional<String> failure();

  /** Ends all services in good order. */
  @Override
  void close();
}
