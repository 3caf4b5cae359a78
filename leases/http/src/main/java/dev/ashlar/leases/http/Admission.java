package dev.ashlar.leases.http;

import static java.util.Objects.requireNonNull;

import dev.ashlar.leases.Fence;

/**
 * Whether a request may do what it asks.
 *
 * <p><b>Threads.</b> Immutable.
 */
public sealed interface Admission {

  /**
   * It may, in the transaction in which it was checked. The answer's headers go with whatever the
   * service answers, or its client does not believe that the fence was looked at.
   *
   * @param fence of the request
   * @param answer with the headers to be sent along
   */
  record Admitted(Fence fence, FenceAnswer answer) implements Admission {

    /** Checks the parts. */
    public Admitted {
      requireNonNull(fence, "fence");
      requireNonNull(answer, "answer");
    }
  }

  /**
   * It may not: the transaction is to be rolled back, and this answered.
   *
   * @param answer to the client
   */
  record Refused(FenceAnswer answer) implements Admission {

    /** Checks the part. */
    public Refused {
      requireNonNull(answer, "answer");
    }
  }
}
