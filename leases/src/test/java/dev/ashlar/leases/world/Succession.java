package dev.ashlar.leases.world;

import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Fence;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Leases that nobody does anything for any more, and how long it takes until another is granted.
 */
final class Succession {

  private static final Duration GRANTED_AGAIN =
      LeaseWorld.TERM.multipliedBy(2).plus(LeaseWorld.POLL);

  private final TimeSource time;
  private final Map<Fence, Left> left = new LinkedHashMap<>();

  Succession(TimeSource time) {
    this.time = time;
  }

  /** How a lease came to be left. */
  enum How {
    /** Its holder crashed. */
    CRASHED(GRANTED_AGAIN),
    /** Its holder's work hangs, and its process is well. */
    HANGS(LeaseWorld.STALL_MAX.plus(GRANTED_AGAIN));

    private final Duration within;

    How(Duration within) {
      this.within = within;
    }
  }

  private record Left(How how, long sinceNanos) {}

  /** What was left once stays so, whatever happens to it then. */
  void left(Fence fence, How how, long sinceNanos) {
    left.putIfAbsent(fence, new Left(how, sinceNanos));
  }

  /** Another one is granted. */
  void granted() {
    left.clear();
  }

  void check(How how) {
    left.forEach(
        (fence, one) -> {
          Duration length = Duration.ofNanos(time.nanos() - one.sinceNanos());
          if (one.how() == how && length.compareTo(how.within) > 0) {
            throw new AssertionError(
                "token "
                    + fence.token().value()
                    + ": its holder "
                    + how
                    + " since "
                    + length
                    + ", and nobody has the lease after it (expected: within "
                    + how.within
                    + ")");
          }
        });
  }
}
