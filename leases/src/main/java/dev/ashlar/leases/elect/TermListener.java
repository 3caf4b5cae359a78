package dev.ashlar.leases.elect;

/**
 * Is told when this node begins and ends to lead.
 *
 * <p><b>Threads.</b> All listeners of an elector are called in one thread, one after the other.
 */
public interface TermListener {

  /**
   * This node leads. Begin here: claim what the leader writes to, start what only it does. It may
   * also be done here, in this thread, which is interrupted when the term ends.
   *
   * @param term the current one, unless it has ended just now
   * @throws Exception which changes nothing: the term goes on, and its end will be told
   */
  void elected(Term term) throws Exception;

  /**
   * The term is not current any more. Stop here what was started. Never interrupted by the elector.
   *
   * @param term the one that {@link #elected} was called with last
   * @param cause why; unless the lease is lost it is held still, until this returns or takes too
   *     long
   * @throws Exception which changes nothing
   */
  void ended(Term term, EndCause cause) throws Exception;
}
