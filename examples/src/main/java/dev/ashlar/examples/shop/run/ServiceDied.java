package dev.ashlar.examples.shop.run;

/**
 * Ends each thread of a service that has died. It is an error, so that no code that deals with
 * failures deals with this one: a dead process does not retry, settle or close anything.
 */
final class ServiceDied extends Error {

  private static final long serialVersionUID = 1L;

  ServiceDied(String service) {
    // Nobody reads the stack trace of a death that was ordered.
    super(service + " has died", null, false, false);
  }
}
