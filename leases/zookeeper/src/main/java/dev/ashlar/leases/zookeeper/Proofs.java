package dev.ashlar.leases.zookeeper;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/** When a session last wrote anything, which only a session that is alive can. */
final class Proofs {

  private final AtomicReference<@Nullable Proof> last = new AtomicReference<>();

  private record Proof(ZooKeeper handle, long sentNanos) {}

  /** Notes that a write was carried out. */
  void note(ZooKeeper handle, long sentNanos) {
    last.accumulateAndGet(new Proof(handle, sentNanos), Proofs::later);
  }

  private static @Nullable Proof later(@Nullable Proof known, @Nullable Proof other) {
    if (known == null || other == null) {
      return known == null ? other : known;
    }
    boolean same = known.handle() == other.handle();
    return same && known.sentNanos() - other.sentNanos() > 0 ? known : other;
  }

  /** Returns when the last write that is known to be carried out was sent, at the latest. */
  Optional<Long> of(ZooKeeper handle) {
    Proof proof = last.get();
    return proof == null || proof.handle() != handle
        ? Optional.empty()
        : Optional.of(proof.sentNanos());
  }
}
