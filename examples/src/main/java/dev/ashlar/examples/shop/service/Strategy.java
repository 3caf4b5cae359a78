package dev.ashlar.examples.shop.service;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** How the services hear and tell. */
public enum Strategy {
  /** Write, then send, then settle; what fails is tried again. */
  DUAL_WRITES("dual", "dual writes and plain retries"),
  /** The message's id, the effect and what is to be sent, in one transaction. */
  OUTBOX_AND_INBOX("outbox", "outbox and inbox");

  private final String label;
  private final String title;

  Strategy(String label, String title) {
    this.label = label;
    this.title = title;
  }

  /** Returns the name of the strategy's folder. */
  public String label() {
    return label;
  }

  /** Returns the name for people. */
  public String title() {
    return title;
  }

  /** Returns the strategy of that label. */
  public static Optional<Strategy> named(String label) {
    return Arrays.stream(values()).filter(each -> each.label.equals(label)).findFirst();
  }

  /** Makes a service work this way. */
  public Part open(Site site) {
    return switch (this) {
      case DUAL_WRITES -> new DualWrites(site);
      case OUTBOX_AND_INBOX -> new OutboxAndInbox(site);
    };
  }

  /** Makes customers order this way. */
  public Customer customer(
      Door orders, TimeSource time, RandomGenerator random, Observer observer) {
    return switch (this) {
      case DUAL_WRITES -> new PlainCustomer(orders, time);
      case OUTBOX_AND_INBOX -> new PipelineCustomer(orders, time, random, observer);
    };
  }

  /** A service at work. */
  public interface Part extends AutoCloseable {

    /** Returns what is done when the service is asked. */
    Work work();

    /** Returns how many messages are promised to others and not yet sent, nor given up. */
    long unsent(Deadline deadline) throws InterruptedException;

    @Override
    void close();
  }
}
