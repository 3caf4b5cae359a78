package dev.ashlar.leases.detect;

/**
 * Carries heartbeats to other members, over whatever the application has: UDP, HTTP, a queue.
 *
 * <p>What arrives is given to {@link Membership#received}, with who has sent it.
 *
 * <p><b>Not guaranteed.</b> That a heartbeat arrives; nobody waits for it, and none is sent again.
 *
 * <p><b>Failures.</b> {@link dev.ashlar.core.BackendException} is counted and otherwise ignored.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 */
@FunctionalInterface
public interface Heartbeats {

  /** Sends this process's heartbeat, without waiting for an answer. */
  void send(Member to, Heartbeat number);
}
