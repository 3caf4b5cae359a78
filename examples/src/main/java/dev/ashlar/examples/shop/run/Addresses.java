package dev.ashlar.examples.shop.run;

import dev.ashlar.examples.shop.service.Service;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/**
 * On which port of this machine a service answers now. A service that was started again has another
 * one.
 *
 * <p><b>Threads.</b> Safe.
 */
final class Addresses {

  private final Map<Service, Integer> ports = new ConcurrentHashMap<>();

  void put(Service service, int port) {
    ports.put(service, port);
  }

  /** Returns the port; empty if the service has not been there yet. */
  OptionalInt port(Service service) {
    Integer port = ports.get(service);
    return port == null ? OptionalInt.empty() : OptionalInt.of(port);
  }
}
