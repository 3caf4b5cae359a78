package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.IdSource;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.LeaseName;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One contender's place in a lease's queue, as the name of its node says it: {@code
 * nonce~owner~session~number}. Whoever sees the queue can then write anybody's grant.
 *
 * @param nonce whose
 * @param owner whose, for people to read
 * @param session which session made it, in hexadecimal; only the node's own {@code ephemeralOwner}
 *     proves it
 * @param number in which order, by the server's counter, which wraps around after 2^31
 */
record Place(String nonce, String owner, String session, int number) {

  /** No nonce and no owner has it, and paths may. */
  private static final String BETWEEN = "~";

  /**
   * Earlier places first. The counter of a parent is 32 bits wide and goes on at its smallest value
   * when it is full, so two numbers compare by their distance (RFC 1982). Places that exist at once
   * lie far nearer to each other than half of the range.
   */
  private static final Comparator<Place> IN_ORDER =
      (one, other) -> Integer.signum(one.number - other.number);

  /** Returns what a new place's name begins with; the server adds the number. */
  static String prefix(Contender contender, long session) {
    return prefix(contender.nonce(), contender.owner(), Long.toHexString(session));
  }

  private static String prefix(String nonce, String owner, String session) {
    return nonce + BETWEEN + owner + BETWEEN + session + BETWEEN;
  }

  /** Returns the place that a name says; empty for a node that is none of ours. */
  static Optional<Place> parse(String nodeName) {
    String[] parts = nodeName.split(BETWEEN, -1);
    if (parts.length != 4 || !IdSource.isWellFormed(parts[0]) || !IdSource.isWellFormed(parts[1])) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Place(parts[0], parts[1], parts[2], Integer.parseInt(parts[3])));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Returns the places among the names of nodes, first come first. */
  static List<Place> queue(List<String> nodeNames) {
    return nodeNames.stream().map(Place::parse).flatMap(Optional::stream).sorted(IN_ORDER).toList();
  }

  /** Returns the same place in the line, for another session. */
  Place movedTo(long other) {
    return new Place(nonce, owner, Long.toHexString(other), number);
  }

  /** Returns who stands there. */
  Contender contender(LeaseName name) {
    return new Contender(name, owner, nonce);
  }

  boolean isMadeBy(long id) {
    return session.equals(Long.toHexString(id));
  }

  /** Returns the name as the server would write it. */
  String nodeName() {
    return prefix(nonce, owner, session) + padded(number);
  }

  /** Ten characters at least, of which one may be the sign. */
  private static String padded(int number) {
    String sign = number < 0 ? "-" : "";
    String digits = Long.toString(Math.abs((long) number));
    return sign + "0".repeat(Math.max(0, 10 - sign.length() - digits.length())) + digits;
  }
}
