package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Effect;
import dev.ashlar.core.FencingToken;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.LeaseName;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.zookeeper.data.Stat;

/**
 * A lease's fence node: to whom the lease was granted last. It is never deleted.
 *
 * @param holder empty if the lease was never granted
 * @param version of the node's data, so that one grant is written once
 * @param mzxid the transaction that wrote it, which is the grant's token
 */
record Mark(Optional<Contender> holder, int version, long mzxid) {

  static Mark parse(LeaseName name, Bytes data, Stat stat) {
    return new Mark(holder(name, data), stat.getVersion(), stat.getMzxid());
  }

  private static Optional<Contender> holder(LeaseName name, Bytes data) {
    if (data.isEmpty()) {
      return Optional.empty();
    }
    try {
      String[] parts = data.toUtf8().split(" ", -1);
      if (parts.length == 2) {
        return Optional.of(new Contender(name, parts[0], parts[1]));
      }
    } catch (IllegalArgumentException | MalformedDataException e) {
      // Somebody else's bytes, and no cause that would say more.
    }
    throw new BackendException(
        "lease " + name.value() + ": fence of " + data.size() + " bytes (expected: owner nonce)",
        Effect.UNKNOWN,
        new Advice.Permanent(),
        null);
  }

  /** Returns what is written for a holder. */
  static byte[] bytes(Contender holder) {
    return (holder.owner() + " " + holder.nonce()).getBytes(StandardCharsets.UTF_8);
  }

  boolean isOf(Contender contender) {
    return holder.filter(contender::equals).isPresent();
  }

  boolean isOf(Place place) {
    return holder.filter(one -> one.nonce().equals(place.nonce())).isPresent();
  }

  Optional<Fence> fence() {
    return holder.map(one -> new Fence(one, new FencingToken(mzxid)));
  }
}
