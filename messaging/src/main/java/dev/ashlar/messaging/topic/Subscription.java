package dev.ashlar.messaging.topic;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.IdSource;

/**
 * Somebody's standing wish to get what is published.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * <p><b>Limits.</b> Names of {@value #NAME_MAX} characters, so that topic, subscription and number
 * together are the name of a queue.
 *
 * @param name its members know it by
 * @param number tells it from an earlier one of the same name; greater than all before it
 * @param options as it was made
 * @param state whether it gets what is published
 */
public record Subscription(String name, long number, SubscriptionOptions options, State state) {

  /** The longest name of a topic or subscription, in characters. */
  public static final int NAME_MAX = 24;

  /** Checks the parts. */
  public Subscription {
    checkName(name);
    requireNonNull(options, "options");
    requireNonNull(state, "state");
    if (number < 1) {
      throw new IllegalArgumentException("number: " + number + " (expected: >= 1)");
    }
  }

  static String checkName(String name) {
    if (!IdSource.isWellFormed(name) || name.length() > NAME_MAX) {
      throw new IllegalArgumentException(
          "name: "
              + name.length()
              + " characters (expected: 1 to "
              + NAME_MAX
              + " of A-Z a-z 0-9 . _ -)");
    }
    return name;
  }

  /**
   * Returns the name of the queue that this subscription has under a topic. A subscription that is
   * made anew has another queue, so that nothing sent to the old one comes to it.
   */
  public String queueName(String topic) {
    return topic + "." + name + "." + Long.toString(number, Character.MAX_RADIX);
  }

  /** Returns this subscription in another state. */
  public Subscription in(State changed) {
    return new Subscription(name, number, options, changed);
  }

  /** Whether a subscription gets what is published. */
  public enum State {
    /** It does. */
    ATTACHED,
    /**
     * It stayed full for too long and gets nothing more. What it has can still be received; it is
     * listed until somebody unsubscribes it.
     */
    DETACHED
  }
}
