package dev.ashlar.leases.own;

import dev.ashlar.leases.Lease;

/**
 * Is told which partitions this node begins and ends to own.
 *
 * <p>Each partition that was {@link #owned} is told of once more: {@link #ending}, if it is handed
 * over, or {@link #lost}.
 *
 * <p><b>Threads.</b> One call at a time for one partition; calls for different ones run beside each
 * other. A call is interrupted when its partition is lost, and when it takes longer than the
 * options let a hand-over take.
 */
public interface OwnershipListener {

  /**
   * This node has the partition's lease. Claim here what is written, read what is there; the
   * partition counts as owned when this returns.
   *
   * @param lease kept, and given back, by the owner
   * @throws Exception which means that the partition cannot be owned now: it is handed over, and
   *     tried again while it is assigned to this node
   */
  void owned(String partition, Lease lease) throws Exception;

  /**
   * The partition goes to another node. It is not owned any more, so nothing new should begin; end
   * here what goes on, and write a checkpoint with the lease, which is held still. On return it is
   * given back.
   *
   * @throws Exception after which it is given back all the same
   */
  void ending(String partition, Lease lease) throws Exception;

  /**
   * The partition is gone: another node may own it. Stop what goes on, and write nothing.
   *
   * @param lease which says why it was lost; if it was not, {@link #owned} took too long to end
   * @throws Exception which changes nothing
   */
  void lost(String partition, Lease lease) throws Exception;
}
