package dev.ashlar.messaging.disk;

import dev.ashlar.messaging.disk.QueueState.Claim;
import dev.ashlar.messaging.journal.Payload;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** The record of deliveries, or of one that was given back. */
final class QueueHanded implements Payload {

  private static final int AS_CLAIMED = -1;

  private final List<Claim> claims;
  private final int spent;

  QueueHanded(List<Claim> claims) {
    this(claims, AS_CLAIMED);
  }

  /** Makes the record of a delivery after which so many attempts count. */
  QueueHanded(List<Claim> claims, int spent) {
    this.claims = claims;
    this.spent = spent;
  }

  @Override
  public int size() {
    return 1 + QueueRecord.HANDED_BYTES * claims.size();
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    out.write(QueueRecord.head(QueueRecord.HANDED));
    for (int i = 0; i < claims.size(); i++) {
      Claim claim = claims.get(i);
      MessageFormat.putLong(out, claim.live().seq);
      MessageFormat.putInt(out, claim.attempt());
      MessageFormat.putInt(out, spent == AS_CLAIMED ? claim.spent() : spent);
    }
  }
}
