package dev.ashlar.tracing;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Operation;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What may leave this program beside its payloads: to whom, which baggage, and how much of it.
 *
 * <p>Ids tell a stranger how much traffic there is and what belongs together, and baggage whatever
 * somebody once put into it. So nothing is sent to a host unless it is named here.
 *
 * <p><b>Guarantees.</b> To {@link Egress#NOTHING} goes none of the headers that carry ids, trace or
 * baggage, also not those that somebody else had put there; to {@link Egress#TRACE_ONLY} go those
 * of W3C Trace Context and no other (TRACE-16). Baggage passes by name only, in and out (TRACE-15).
 * What is added to the headers of one operation never has more than {@code bytesMax} bytes
 * (TRACE-17).
 *
 * <p><b>Threads.</b> Immutable; each {@code with} method returns a changed copy.
 *
 * <p><b>Limits.</b> {@code bytesMax} from {@value #BYTES_LEAST}, which the ids and the trace parent
 * always fit, to {@value #BYTES_MOST}, half of what {@link dev.ashlar.core.Headers} hold; {@value
 * #BYTES_USUAL} if not said, because servers that allow 8 kilobytes for all headers are common.
 * {@value #BAGGAGE_MAX} names of baggage.
 *
 * <pre>{@code
 * Boundary boundary = Boundary.to(EgressPolicy.hosts("shop.internal")).withBaggage("tenant");
 * }</pre>
 *
 * @param egress says for each operation what may go along
 * @param baggage the names of baggage that may come in and go out
 * @param bytesMax the most bytes of header names and values that one operation adds
 */
public record Boundary(EgressPolicy egress, Set<String> baggage, int bytesMax) {

  /** The least cap: ids of the greatest length, and the trace parent. */
  public static final int BYTES_LEAST = 1024;

  /** The cap where none is set. */
  public static final int BYTES_USUAL = 2048;

  /** The greatest cap. */
  public static final int BYTES_MOST = 8192;

  /** The most names of baggage. */
  public static final int BAGGAGE_MAX = 16;

  /** Checks the parts. */
  public Boundary {
    requireNonNull(egress, "egress");
    baggage = Set.copyOf(baggage);
    if (baggage.size() > BAGGAGE_MAX) {
      throw new IllegalArgumentException(
          "baggage: " + baggage.size() + " names (expected: at most " + BAGGAGE_MAX + ")");
    }
    if (bytesMax < BYTES_LEAST || bytesMax > BYTES_MOST) {
      throw new IllegalArgumentException(
          "bytesMax: " + bytesMax + " (expected: " + BYTES_LEAST + " to " + BYTES_MOST + ")");
    }
  }

  /** Returns a boundary that lets no baggage pass. */
  public static Boundary to(EgressPolicy egress) {
    return new Boundary(egress, Set.of(), BYTES_USUAL);
  }

  /** Returns this boundary with these names of baggage, and no others, let through. */
  public Boundary withBaggage(String... names) {
    return new Boundary(egress, Set.of(names), bytesMax);
  }

  /** Returns this boundary with another cap. */
  public Boundary withBytesMax(int changed) {
    return new Boundary(egress, baggage, changed);
  }

  /** What goes along with an operation. */
  public enum Egress {
    /** To a program of the same owner: the ids, the trace and the baggage that is let through. */
    INTERNAL,
    /** To a partner who traces too: the headers of W3C Trace Context. */
    TRACE_ONLY,
    /** To anybody else: none of it. */
    NOTHING
  }

  /**
   * Says what may go along with an operation.
   *
   * <p><b>Threads.</b> Safe.
   */
  @FunctionalInterface
  public interface EgressPolicy {

    /** The attribute of a client's operation that names the host, as OpenTelemetry calls it. */
    String HOST = "server.address";

    /** Returns what may go along. */
    Egress of(Operation operation);

    /**
     * Returns the policy of most programs: messages and answers stay inside; calls carry the ids to
     * the hosts named here and to those below them, and nothing to any other or to one that the
     * operation does not name.
     *
     * @param own names of hosts or domains, such as {@code shop.internal}
     */
    static EgressPolicy hosts(String... own) {
      Set<String> names = lowerCase(Set.of(own));
      return operation ->
          operation.kind() != Operation.Kind.CLIENT || isBelow(names, operation)
              ? Egress.INTERNAL
              : Egress.NOTHING;
    }

    private static boolean isBelow(Set<String> names, Operation operation) {
      String host = operation.attributes().getOrDefault(HOST, "").toLowerCase(Locale.ROOT);
      return names.stream().anyMatch(name -> host.equals(name) || host.endsWith("." + name));
    }

    private static Set<String> lowerCase(Collection<String> names) {
      Set<String> changed = new TreeSet<>();
      for (String name : names) {
        if (name.isEmpty()) {
          throw new IllegalArgumentException("own: empty name (expected: a host or a domain)");
        }
        changed.add(name.toLowerCase(Locale.ROOT));
      }
      return changed;
    }
  }
}
