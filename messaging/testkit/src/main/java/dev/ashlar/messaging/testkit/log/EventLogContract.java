package dev.ashlar.messaging.testkit.log;

/**
 * What every {@link dev.ashlar.messaging.log.EventLog} must do, as tests: the properties LOG-1 to
 * LOG-20.
 *
 * <p>An adapter's test class extends this one, says how to open a log and which clock it lives by,
 * gives the hooks that its promises need, and inherits the rest. Each promise that the log makes
 * adds tests and none takes any away. A promise that is denied, and whose tests pass all the same,
 * is published as an entry {@code ashlar.warning}: the log is better than it says.
 *
 * <p><b>Guarantees.</b> What must come is waited for, far longer than it takes, so a slow machine
 * makes the tests slower and not red.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 */
public abstract class EventLogContract extends RuntimeProperties {

  /** For subclasses. */
  protected EventLogContract() {}
}
