package dev.ashlar.leases.http;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.FencingToken;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.MalformedDataException.Reason;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.LeaseName;

/**
 * The header in which a request carries its fence: {@code ashlar-fence: 1 RESOURCE LEASE TOKEN
 * OWNER NONCE}.
 *
 * <p><b>Not guaranteed.</b> That the sender is who it says: a fence is no credential. It is for
 * requests of those who may write anyway.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * <p><b>Limits.</b> {@value #TEXT_MAX} characters, all of them ASCII.
 *
 * @param resource what is to be written; 1 to 64 of A-Z a-z 0-9 . _ -
 * @param fence under which it was claimed
 */
public record FenceHeader(String resource, Fence fence) {

  /** The header's name. */
  public static final String NAME = "ashlar-fence";

  /** The length of the longest value. */
  public static final int TEXT_MAX = 320;

  private static final String VERSION = "1";
  private static final int WORDS = 6;

  /** Checks the parts. */
  public FenceHeader {
    if (!IdSource.isWellFormed(resource)) {
      throw new IllegalArgumentException(
          "resource: "
              + resource.length()
              + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
    requireNonNull(fence, "fence");
  }

  /** Returns the header's value. */
  public String text() {
    return String.join(
        " ",
        VERSION,
        resource,
        fence.lease().value(),
        Long.toString(fence.token().value()),
        fence.holder().owner(),
        fence.holder().nonce());
  }

  /**
   * Returns what {@link #text()} was made from.
   *
   * @throws MalformedDataException if it is not exactly such a text
   */
  public static FenceHeader parse(String text) {
    if (text.length() > TEXT_MAX) {
      throw malformed(Reason.LIMIT, text.length() + " characters (up to " + TEXT_MAX + ")");
    }
    String[] words = text.split(" ", -1);
    if (!words[0].equals(VERSION)) {
      throw malformed(Reason.UNSUPPORTED_VERSION, "version");
    }
    if (words.length != WORDS) {
      throw malformed(
          words.length < WORDS ? Reason.TRUNCATED : Reason.TRAILING_DATA, words.length + " words");
    }
    for (String word : words) {
      if (!IdSource.isWellFormed(word)) {
        throw malformed(Reason.MALFORMED, "a word that is no name");
      }
    }
    Contender holder = new Contender(new LeaseName(words[2]), words[4], words[5]);
    return new FenceHeader(words[1], new Fence(holder, token(words[3])));
  }

  /** A number is read only as it is printed: no sign, no leading zero. */
  private static FencingToken token(String number) {
    try {
      long token = Long.parseLong(number);
      if (token >= 1 && Long.toString(token).equals(number)) {
        return new FencingToken(token);
      }
    } catch (NumberFormatException e) {
      // Said below; its message would repeat the text.
    }
    throw malformed(Reason.INVALID_VALUE, "token");
  }

  private static MalformedDataException malformed(Reason reason, String what) {
    return new MalformedDataException(
        reason, NAME + ": " + what + " (expected: 1 RESOURCE LEASE TOKEN OWNER NONCE)");
  }
}
