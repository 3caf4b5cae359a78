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
import dev.ashlar.leases.guard.OtherLeaseException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A resource's floor node, {@code TOKEN LEASE OWNER NONCE}: who has claimed it last.
 *
 * @param fence what it was claimed with
 * @param version of the node's data, which each claim changes
 */
record FloorNode(Fence fence, int version) {

  private static final int WORDS = 4;

  /** Returns what a session sees there; empty if nobody has claimed the resource. */
  static Optional<FloorNode> read(Session session, String path) throws InterruptedException {
    Optional<Session.Data> data = session.read(path);
    return data.map(one -> new FloorNode(parse(path, one.bytes()), one.stat().getVersion()));
  }

  private static Fence parse(String path, Bytes bytes) {
    try {
      List<String> words = List.of(bytes.toUtf8().split(" ", -1));
      if (words.size() == WORDS) {
        LeaseName lease = new LeaseName(words.get(1));
        Contender holder = new Contender(lease, words.get(2), words.get(3));
        return new Fence(holder, new FencingToken(Long.parseLong(words.get(0))));
      }
    } catch (IllegalArgumentException | MalformedDataException e) {
      // Somebody else's bytes, and no cause that would say more.
    }
    throw new BackendException(
        "floor " + path + ": " + bytes.size() + " bytes (expected: token lease owner nonce)",
        Effect.NONE,
        new Advice.Permanent(),
        null);
  }

  static byte[] bytes(Fence fence) {
    Contender holder = fence.holder();
    return String.join(
            " ",
            Long.toString(fence.token().value()),
            fence.lease().value(),
            holder.owner(),
            holder.nonce())
        .getBytes(StandardCharsets.UTF_8);
  }

  boolean isBelow(Fence other) {
    return fence.token().compareTo(other.token()) < 0;
  }

  /** The numbers of one lease say nothing about those of another one. */
  void requireLease(String resource, Fence other) {
    if (!fence.lease().equals(other.lease())) {
      throw new OtherLeaseException(resource, other.lease(), Optional.of(fence.lease()));
    }
  }
}
