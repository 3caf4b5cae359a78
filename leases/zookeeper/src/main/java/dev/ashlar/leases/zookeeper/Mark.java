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
 * @param token the grant's: the id of the transaction that wrote it, above what the store begins
 *     with
 */
record Mark(Optional<Contender> holder, int version, long token) {

  static Mark parse(LeaseName name, Bytes data, Stat stat, Layout layout) {
    return of(holder(name, data), stat, layout);
  }

  /** Returns what was written for a holder. */
  static Mark of(Optional<Contender> holder, Stat stat, Layout layout) {
    long token = Math.addExact(stat.getMzxid(), layout.tokensAbove());
    return new Mark(holder, stat.getVersion(), token);
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

  static byte[] bytes(Contender holder) {
    return (holder.owner() + " " + holder.nonce()).getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the same data, as they stand in the node. */
  byte[] bytes() {
    return holder.map(Mark::bytes).orElse(new byte[0]);
  }

  boolean isOf(Contender contender) {
    return holder.filter(contender::equals).isPresent();
  }

  boolean isOf(Place place) {
    return holder.filter(one -> one.nonce().equals(place.nonce())).isPresent();
  }

  Optional<Fence> fence() {
    return holder.map(one -> new Fence(one, new FencingToken(token)));
  }
}
