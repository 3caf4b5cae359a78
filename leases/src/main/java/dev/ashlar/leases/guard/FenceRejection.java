package dev.ashlar.leases.guard;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.FencingToken;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.MalformedDataException.Reason;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.LeaseName;
import java.util.List;
import java.util.Optional;

/*
 * The text form: words with one space between them, none of which can contain one.
 *
 *   ashlar-fence-rejection 1 RESOURCE LEASE TOKEN OWNER NONCE                          nobody has claimed it
 *   ashlar-fence-rejection 1 RESOURCE LEASE TOKEN OWNER NONCE FLOOR OWNER NONCE
 */

/**
 * A resource has refused a token: what to tell the stale holder, and whoever looks after it.
 *
 * <p>As a message it goes to {@link #staleOwner()}, and {@link #text()} is its body. One that
 * arrives twice is recognised by resource and nonce.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * <p><b>Limits.</b> The text has at most {@value #TEXT_MAX} characters, all of them ASCII.
 *
 * @param resource what was to be claimed or written; 1 to 64 of A-Z a-z 0-9 . _ -
 * @param presented who came, with which number
 * @param floor who has claimed the resource, with which number; empty if the claim that was made is
 *     not there any more, as after a restore
 */
public record FenceRejection(String resource, Fence presented, Optional<Fence> floor) {

  /** The length of the longest text. */
  public static final int TEXT_MAX = 512;

  private static final String FORMAT = "ashlar-fence-rejection";
  private static final String VERSION = "1";
  private static final int WORDS_UNCLAIMED = 7;
  private static final int WORDS_CLAIMED = 10;

  /** Checks the parts. */
  public FenceRejection {
    ResourceName.check(resource);
    requireNonNull(presented, "presented");
    requireNonNull(floor, "floor");
    if (floor.isPresent() && !floor.get().lease().equals(presented.lease())) {
      throw new IllegalArgumentException(
          "floor: lease "
              + floor.get().lease().value()
              + " (expected: "
              + presented.lease().value()
              + ", that of presented)");
    }
  }

  /** Returns the lease under which the resource is claimed. */
  public LeaseName lease() {
    return presented.lease();
  }

  /** Returns whom to tell, as it called itself in its {@link Contender}. */
  public String staleOwner() {
    return presented.holder().owner();
  }

  /** Returns one sentence for a log: names, owners and numbers. */
  public String describe() {
    String by =
        floor
            .map(up -> "token " + up.token().value() + " of " + up.holder().owner())
            .orElse("nobody");
    return resource
        + ": token "
        + presented.token().value()
        + " of "
        + presented.holder().owner()
        + " refused, claimed by "
        + by;
  }

  /** Returns it for the wire. */
  public String text() {
    String start = String.join(" ", FORMAT, VERSION, resource, lease().value(), words(presented));
    return floor.map(up -> start + " " + words(up)).orElse(start);
  }

  private static String words(Fence fence) {
    Contender holder = fence.holder();
    return fence.token().value() + " " + holder.owner() + " " + holder.nonce();
  }

  /**
   * Returns what {@link #text()} was made from.
   *
   * @throws MalformedDataException if it is not exactly such a text
   */
  public static FenceRejection parse(String text) {
    if (text.length() > TEXT_MAX) {
      throw new MalformedDataException(
          Reason.LIMIT,
          "rejection: " + text.length() + " characters (expected: up to " + TEXT_MAX + ")");
    }
    List<String> words = List.of(text.split(" ", -1));
    if (!words.get(0).equals(FORMAT)) {
      throw new MalformedDataException(Reason.UNKNOWN_FORMAT, "rejection: not one");
    }
    if (words.size() > 1 && !words.get(1).equals(VERSION)) {
      throw new MalformedDataException(
          Reason.UNSUPPORTED_VERSION, "rejection: version (expected: " + VERSION + ")");
    }
    if (words.size() != WORDS_UNCLAIMED && words.size() != WORDS_CLAIMED) {
      throw new MalformedDataException(
          words.size() < WORDS_CLAIMED ? Reason.TRUNCATED : Reason.TRAILING_DATA,
          "rejection: " + words.size() + " words (expected: 7 or 10)");
    }
    for (String word : words) {
      if (!IdSource.isWellFormed(word)) {
        throw new MalformedDataException(Reason.MALFORMED, "rejection: a word that is no name");
      }
    }
    LeaseName lease = new LeaseName(words.get(3));
    Optional<Fence> floor =
        words.size() == WORDS_CLAIMED
            ? Optional.of(fence(lease, words.subList(7, WORDS_CLAIMED)))
            : Optional.empty();
    return new FenceRejection(words.get(2), fence(lease, words.subList(4, 7)), floor);
  }

  /** A number is read only as it is printed: no sign, no leading zero. */
  private static Fence fence(LeaseName lease, List<String> words) {
    String number = words.get(0);
    try {
      long token = Long.parseLong(number);
      if (token >= 1 && Long.toString(token).equals(number)) {
        return new Fence(new Contender(lease, words.get(1), words.get(2)), new FencingToken(token));
      }
    } catch (NumberFormatException e) {
      // Said below; its message would repeat the text.
    }
    throw new MalformedDataException(Reason.INVALID_VALUE, "rejection: token (expected: >= 1)");
  }
}
