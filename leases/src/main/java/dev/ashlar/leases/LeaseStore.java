package dev.ashlar.leases;

import dev.ashlar.core.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where leases are granted: what a backend implements. Users take a lease through {@code
 * keep.Leases}, which knows when to ask and when to stop believing.
 *
 * <p>A store answers one request at a time and keeps nothing alive by itself: a grant that is not
 * extended ends after its term, also if the process lives and its connection stands (a store over
 * sessions has to see to that).
 *
 * <p><b>Guarantees.</b> While a grant lasts, the lease is granted to no other contender (LEASE-13).
 * A later grant of a lease has a larger token, whoever gets it, also after release, expiry and
 * restarts of its owner (LEASE-1 to LEASE-4). One contender gets one token, ever: asking again
 * while its grant lasts answers with the same token (LEASE-22), asking after its end is refused, so
 * a request that arrives twice or late is harmless (LEASE-24). Requests of a former holder change
 * nothing for its successor (LEASE-25, LEASE-26). What one store promises beyond this is in {@link
 * #guarantees()}.
 *
 * <p><b>Not guaranteed.</b> That the holder knows when its grant has ended, or runs at all. That is
 * what the token is for.
 *
 * <p><b>Failures.</b> No exception but {@link InterruptedException}, which leaves the effect
 * unknown; whatever the backend's client throws is an {@link Answer.Unknown}. An adapter switches
 * its client's own retries off, or makes sure that they repeat the same nonce.
 *
 * <p><b>Threads.</b> Safe; requests for different leases do not wait for each other.
 */
public interface LeaseStore {

  /** Returns what this store promises. */
  Guarantees guarantees();

  /**
   * Tries once to get a lease. For the contender that holds it already this is an extension.
   *
   * <p>Refused while another contender's grant lasts; refused without a current grant if this
   * contender's own grant has ended: come as another one. A store that keeps a queue has the
   * contender in it from the first refusal until it is released, or has not asked for a term. Such
   * a store has moments when somebody is in line and nobody has the lease; it must not refuse those
   * in line without a current grant, for that tells them that their own time is over.
   *
   * @param contender who asks; the same one again to repeat a request whose outcome is unknown
   * @param term for how long, above zero
   * @param deadline until when an answer is of use
   */
  Answer<Grant> grant(Contender contender, Duration term, Deadline deadline)
      throws InterruptedException;

  /**
   * Asks for a full term again. Refused if the grant has ended, even if nobody took the lease
   * since.
   *
   * @param fence whose grant, and its number
   * @param term for how long, above zero
   * @param deadline until when an answer is of use
   * @return the grant with the same token
   */
  Answer<Grant> extend(Fence fence, Duration term, Deadline deadline) throws InterruptedException;

  /**
   * Returns how many grants {@link #extendAll} takes. A store that answers for several at once as
   * quickly as for one says more than one; its holders then come together.
   */
  default int extendMax() {
    return 1;
  }

  /**
   * Asks for a full term again for several grants at once, each of which is answered as {@link
   * #extend} would. One that cannot be answered holds up none of the others: it is unknown.
   *
   * @param fences up to {@link #extendMax()}, each of another contender
   * @param term for how long, above zero
   * @param deadline until when answers are of use
   * @return an answer for each, in the same order
   */
  default List<Answer<Grant>> extendAll(List<Fence> fences, Duration term, Deadline deadline)
      throws InterruptedException {
    List<Answer<Grant>> answers = new ArrayList<>(fences.size());
    for (Fence fence : fences) {
      answers.add(extend(fence, term, deadline));
    }
    return answers;
  }

  /**
   * Looks who has a lease, without asking for it: for people and their tools, never to decide
   * whether to write.
   *
   * @return the grant that lasts, if any did at some moment between question and answer
   */
  Answer<Optional<Grant>> inspect(LeaseName name, Deadline deadline) throws InterruptedException;

  /**
   * Ends what a contender has: its grant, its place in a queue. Asking twice is harmless.
   *
   * @param contender whose; its nonce is spent afterwards
   * @param deadline until when an answer is of use
   * @return done if the contender's grant was the last one and is over now; refused if it had none,
   *     or somebody was granted the lease after it
   */
  Answer<Contender> release(Contender contender, Deadline deadline) throws InterruptedException;

  /**
   * Waits until asking again may be worth it, or until the deadline. A hint: it may return at any
   * time, and a store that cannot tell waits until the deadline.
   *
   * @param contender who was refused
   * @param deadline when to ask again at the latest
   */
  default void awaitChange(Contender contender, Deadline deadline) throws InterruptedException {
    deadline.time().sleep(deadline.remaining());
  }
}
