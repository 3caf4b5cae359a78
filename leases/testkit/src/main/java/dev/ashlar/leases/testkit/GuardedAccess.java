package dev.ashlar.leases.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.guard.FenceRejection;
import dev.ashlar.leases.guard.Fenced;
import dev.ashlar.leases.guard.Standing;
import java.time.Duration;

/**
 * How one process comes to guarded numbers: by transactions in which a floor is checked, or by
 * requests to a service that checks it.
 *
 * <p><b>Threads.</b> Safe.
 *
 * @param <C> a claim
 */
public interface GuardedAccess<C> {

  /** Claims a resource through the guard under test. */
  Fenced<C> claim(String resource, Lease lease, Deadline deadline) throws InterruptedException;

  /** Sets the number of the claimed resource, from beginning to end; returns it. */
  Fenced<Long> write(C claim, long value) throws Exception;

  /**
   * Reads the number of the claimed resource, waits, and writes one more; returns that.
   *
   * @param pause between reading and writing
   */
  Fenced<Long> increment(C claim, Duration pause) throws Exception;

  /** Begins to set the number, and stops before the claim is checked. */
  WriteUnderWay begin(C claim, long value) throws Exception;

  /** Begins to set the number, and stops after the check has let it through. */
  WriteUnderWay beginAndCheck(C claim, long value) throws Exception;

  /**
   * Returns what a write meets that shows this fence, whoever sent it and whatever they claimed.
   */
  Standing show(String resource, Fence fence) throws Exception;

  /** Raises the floor without a lease, as a copy of a request that comes late does. */
  Standing raise(String resource, Fence fence, Deadline deadline) throws Exception;

  /** Returns the number as anybody sees it; zero if there is none. */
  long read(String resource) throws Exception;

  /** A write that has stopped on its way. */
  interface WriteUnderWay {

    /**
     * Lets it go on to its end.
     *
     * @return what came of it; a {@link FenceRejection} if the check was still to come, and failed
     */
    Fenced<Long> finish() throws Exception;

    /** Ends it as the death of the writer's process does. */
    void crash() throws Exception;
  }
}
