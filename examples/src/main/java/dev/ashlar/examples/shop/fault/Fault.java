package dev.ashlar.examples.shop.fault;

import dev.ashlar.examples.shop.service.Step;
import java.time.Duration;
import java.util.function.Predicate;

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

  /** The service does its part, and its first answer comes later. */
  record Late(When when, Duration length) implements Fault {
    @Override
    public String kind() {
      return "late";
    }
  }

  /** From the moment at which the order comes, the service fails whatever it is asked. */
  record Outage(When when, Duration length) implements Fault {
    @Override
    public String kind() {
      return "outage";
    }
  }

  /** The instance that has read a piece of work stands still, with all its threads. */
  record Pause(When when, Duration length) implements Fault {
    @Override
    public String kind() {
      return "pause";
    }
  }

  /**
   * Whom a fault comes upon, and when.
   *
   * @param target the service, or the part of the page
   * @param every each order, or page, whose number is a multiple of this
   * @param most how many of them, from the first on
   */
  record When(Target target, long every, long most) {

    /** Returns whether the fault comes upon this order in this service. */
    boolean matches(Target where, long number) {
      return matches(each -> each == where, number);
    }

    /** Returns whether the fault comes upon this order in one of these places. */
    public boolean matches(Predicate<Target> where, long number) {
      return where.test(target) && number >= every && number % every == 0 && number / every <= most;
    }
  }
}
