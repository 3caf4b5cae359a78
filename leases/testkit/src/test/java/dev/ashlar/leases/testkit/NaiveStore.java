package dev.ashlar.leases.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.FencingToken;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Guarantees;
import dev.ashlar.leases.Guarantees.ExpiryClock;
import dev.ashlar.leases.Guarantees.Fairness;
import dev.ashlar.leases.Guarantees.Terms;
import dev.ashlar.leases.Guarantees.TokenStrength;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A store as one would write it first: right, but for one mistake. */
final class NaiveStore implements LeaseStore {

  /** The mistakes. */
  enum Mistake {
    /** Numbers are counted for each owner. */
    COUNTS_PER_OWNER,
    /** A released row is deleted, and its number with it. */
    DELETES_RELEASED,
    /** An owner that comes again gets the number that it had. */
    KEEPS_NUMBER_OF_OWNER,
    /** Each extension has a new number. */
    NEW_NUMBER_ON_EXTEND,
    /** Numbers have twelve bits. */
    SHORT_NUMBERS,
    /** Numbers are lost at a restart, of which the declaration says nothing. */
    VOLATILE_NUMBERS,
    /** The holder is the owner, so its second try is let in. */
    LETS_OWNERS_IN_AGAIN,
    /** Nobody looks whether a grant has ended as long as it is not taken. */
    EXTENDS_EXPIRED,
    /** A repeated request is another request. */
    NO_NONCE,
    /** A contender may come again after its grant has ended. */
    NONCES_CAN_BE_REUSED,
    /** A release is for whoever has the lease. */
    RELEASES_BY_NAME,
    /** An extension is for whoever has the lease. */
    EXTENDS_BY_NAME,
    /** A release is answered, and forgotten. */
    IGNORES_RELEASE,
    /** A grant ends by its release only. */
    NEVER_EXPIRES,
    /** Whoever asks first is said to be served first, and is not. */
    CLAIMS_A_QUEUE
  }

  private final TimeSource time;
  private final Mistake mistake;
  private final Map<LeaseName, Row> rows = new HashMap<>();
  private final Map<String, Long> numbers = new HashMap<>();

  NaiveStore(TimeSource time, Mistake mistake) {
    this.time = time;
    this.mistake = mistake;
  }

  @Override
  public Guarantees guarantees() {
    return new Guarantees(
        mistake == Mistake.VOLATILE_NUMBERS ? TokenStrength.STRICT : TokenStrength.UNTIL_RESET,
        ExpiryClock.ELAPSED,
        mistake == Mistake.CLAIMS_A_QUEUE ? Fairness.FIFO : Fairness.NONE,
        Terms.PER_LEASE);
  }

  @Override
  public synchronized Answer<Grant> grant(Contender contender, Duration term, Deadline deadline) {
    Row row = rows.get(contender.lease());
    boolean same = row != null && row.fence.holder().equals(contender);
    boolean lasts = row != null && row.endNanos - time.nanos() > 0;
    boolean sameOwner = row != null && row.fence.holder().owner().equals(contender.owner());
    boolean again = mistake == Mistake.LETS_OWNERS_IN_AGAIN && sameOwner;
    if (row != null && same && lasts && mistake != Mistake.NO_NONCE) {
      return put(new Row(row.fence, end(term)), term);
    }
    if (lasts && !again && !(same && mistake == Mistake.NO_NONCE)) {
      return refused(row);
    }
    if (same && !lasts && mistake != Mistake.NONCES_CAN_BE_REUSED) {
      return new Answer.Refused<>(Optional.empty());
    }
    return put(new Row(new Fence(contender, next(contender)), end(term)), term);
  }

  private FencingToken next(Contender contender) {
    String key = contender.lease().value();
    if (mistake == Mistake.COUNTS_PER_OWNER) {
      key += " " + contender.owner();
    }
    long next = numbers.getOrDefault(key, 0L) + 1;
    Row row = rows.get(contender.lease());
    if (mistake == Mistake.KEEPS_NUMBER_OF_OWNER
        && row != null
        && row.fence.holder().owner().equals(contender.owner())) {
      return row.fence.token();
    }
    numbers.put(key, mistake == Mistake.SHORT_NUMBERS && next >= 4096 ? 0L : next);
    return new FencingToken(next);
  }

  @Override
  public synchronized Answer<Grant> extend(Fence fence, Duration term, Deadline deadline) {
    Row row = rows.get(fence.lease());
    boolean own = row != null && row.fence.equals(fence);
    boolean lasts = row != null && row.endNanos - time.nanos() > 0;
    if (row == null
        || (!own && mistake != Mistake.EXTENDS_BY_NAME)
        || (!lasts && mistake != Mistake.EXTENDS_EXPIRED)) {
      return refused(row);
    }
    Fence kept =
        mistake == Mistake.NEW_NUMBER_ON_EXTEND
            ? new Fence(fence.holder(), next(fence.holder()))
            : row.fence;
    return put(new Row(kept, end(term)), term);
  }

  @Override
  public synchronized Answer<Optional<Grant>> inspect(LeaseName name, Deadline deadline) {
    return new Answer.Done<>(current(rows.get(name)));
  }

  @Override
  public synchronized Answer<Contender> release(Contender contender, Deadline deadline) {
    Row row = rows.get(contender.lease());
    boolean own = row != null && row.fence.holder().equals(contender);
    if (row == null || (!own && mistake != Mistake.RELEASES_BY_NAME)) {
      return refused(row);
    }
    if (mistake == Mistake.DELETES_RELEASED) {
      rows.remove(contender.lease());
      numbers.remove(contender.lease().value());
    } else if (mistake != Mistake.IGNORES_RELEASE) {
      rows.put(contender.lease(), new Row(row.fence, time.nanos()));
    }
    return new Answer.Done<>(contender);
  }

  synchronized void expireAll() {
    rows.replaceAll((name, row) -> new Row(row.fence, time.nanos()));
  }

  private Answer<Grant> put(Row row, Duration term) {
    rows.put(row.fence.lease(), row);
    return new Answer.Done<>(new Grant(row.fence, term));
  }

  private <V> Answer<V> refused(@Nullable Row row) {
    return new Answer.Refused<>(current(row));
  }

  private Optional<Grant> current(@Nullable Row row) {
    return row == null || row.endNanos - time.nanos() <= 0
        ? Optional.empty()
        : Optional.of(new Grant(row.fence, Duration.ofNanos(row.endNanos - time.nanos())));
  }

  private long end(Duration term) {
    if (mistake == Mistake.NEVER_EXPIRES) {
      return time.nanos() + Duration.ofDays(1000).toNanos();
    }
    return time.nanos() + term.toNanos();
  }

  private record Row(Fence fence, long endNanos) {}
}
