package dev.ashlar.examples.shop.fault;

import dev.ashlar.examples.shop.service.Service;
import dev.ashlar.examples.shop.service.Step;
import java.time.Duration;

/** One line of a schedule: what happens to which orders. */
public sealed interface Fault {

  /** Returns whom it comes upon, and when. */
  When when();

  /** Returns the first word of its line. */
  String kind();

  /** The service dies at a step. */
  record Crash(When when, Step step) implements Fault {
    @Override
    public String kind() {
      return "crash";
    }
  }

  /** The message to the service is delivered twice. */
  record Duplicate(When when) implements Fault {
    @Override
    public String kind() {
      return "duplicate";
    }
  }

  /** The message to the service comes later. */
  record Delay(When when, Duration length) implements Fault {
    @Override
    public String kind() {
      return "delay";
    }
  }

  /** The service takes longer. */
  record Slow(When when, Duration length) implements Fault {
    @Override
    public String kind() {
      return "slow";
    }
  }

  /** The service fails, before it has written anything, in the first attempts. */
  record Fail(When when, int times) implements Fault {
    @Override
    public String kind() {
      return "fail";
    }
  }

  /** The queue of the service does not take the message, at the first attempts to send. */
  record Refuse(When when, int times) implements Fault {
    @Override
    public String kind() {
      return "refuse";
    }
  }

  /**
   * Whom a fault comes upon, and when.
   *
   * @param service the service
   * @param every each order whose number is a multiple of this
   * @param most the number of orders, from the first on
   */
  record When(Service service, long every, long most) {

    /** Returns whether the fault comes upon this order in this service. */
    boolean matches(Service where, long orderNumber) {
      return service == where
          && orderNumber >= every
          && orderNumber % every == 0
          && orderNumber / every <= most;
    }
  }
}
