package dev.ashlar.tracing.collate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/*
 * Requests by cause. A request is the handling of one request or message by one service: all lines
 * with one request id. Its cause is the causation id of its lines.
 *
 *   outer ─┬─ call.start ──────▶ request.start ... request.end ──▶ call.end
 *          └─ message.sent ────▶ message.received ... request.end
 *
 * Which of several sendings of one request caused a handling, ids alone do not say. A handling comes
 * after the first sending of its cause to its own target, or to any if none names that target: the
 * strongest order that is certainly true.
 */

/** The requests of one correlation id, and which caused which. */
final class RequestTree {

  private static final Comparator<Request> BY_FIRST =
      Comparator.comparing(Request::first, LogLine.BY_TIME);

  private final Map<String, Request> requests = new TreeMap<>();
  private final Map<String, List<Request>> effects = new HashMap<>();
  private final List<Request> roots = new ArrayList<>();

  RequestTree(List<LogLine> lines) {
    Map<String, List<LogLine>> byRequest = new TreeMap<>();
    for (LogLine line : lines) {
      if (!line.get(LogLine.REQUEST).isEmpty()) {
        byRequest.computeIfAbsent(line.get(LogLine.REQUEST), id -> new ArrayList<>()).add(line);
      }
    }
    byRequest.forEach((id, own) -> requests.put(id, Request.of(id, own)));
    Set<String> inCycles = inCycles();
    for (Request request : requests.values()) {
      if (requests.containsKey(request.cause()) && !inCycles.contains(request.id())) {
        effects.computeIfAbsent(request.cause(), id -> new ArrayList<>()).add(request);
      } else {
        roots.add(request);
      }
    }
    roots.sort(BY_FIRST);
    effects.values().forEach(list -> list.sort(BY_FIRST));
  }

  /** Returns the requests that are among their own causes; each is passed a few times at most. */
  private Set<String> inCycles() {
    Set<String> found = new HashSet<>();
    Set<String> settled = new HashSet<>();
    for (Request start : requests.values()) {
      Set<String> path = new HashSet<>();
      String at = start.id();
      while (requests.containsKey(at) && !settled.contains(at) && path.add(at)) {
        at = causeOf(at);
      }
      if (path.contains(at) && !settled.contains(at)) {
        while (found.add(at)) {
          at = causeOf(at);
        }
      }
      settled.addAll(path);
    }
    return found;
  }

  private String causeOf(String id) {
    Request request = requests.get(id);
    return request == null ? "" : request.cause();
  }

  List<Request> roots() {
    return List.copyOf(roots);
  }

  List<Request> effects(Request request) {
    return effects.getOrDefault(request.id(), List.of());
  }

  int size() {
    return requests.size();
  }

  /**
   * Returns the end of the one call that an effect can have been the answer to, if there is one.
   */
  Optional<LogLine> endOfOnlyCall(Request cause) {
    List<LogLine> ends = cause.lines().stream().filter(line -> line.isEvent("call.end")).toList();
    boolean onlyOne =
        ends.size() == 1
            && cause.lines().stream().filter(line -> line.isEvent("call.start")).count() == 1
            && effects(cause).stream().filter(Request::isCalled).count() == 1;
    return onlyOne ? Optional.of(ends.get(0)) : Optional.empty();
  }

  /**
   * One handling.
   *
   * @param lines in the order of its process, or by time if it has lines of several
   * @param cause the least of the causes that its lines name; they name one, unless they lie
   */
  record Request(String id, List<LogLine> lines, String cause) {

    static Request of(String id, List<LogLine> lines) {
      boolean oneProcess =
          lines.stream().allMatch(LogLine::hasPlace)
              && lines.stream().map(line -> line.get(LogLine.PROCESS)).distinct().count() == 1;
      Comparator<LogLine> order =
          oneProcess ? Comparator.comparingLong(LogLine::seq) : LogLine.BY_TIME;
      String cause =
          lines.stream()
              .map(line -> line.get(LogLine.CAUSE))
              .filter(named -> !named.isEmpty())
              .min(Comparator.naturalOrder())
              .orElse("");
      return new Request(id, lines.stream().sorted(order).toList(), cause);
    }

    Optional<LogLine> entry() {
      return lines.stream().filter(LogLine::isEntry).findFirst();
    }

    Optional<LogLine> end() {
      return lines.stream()
          .filter(line -> line.isEvent("request.end"))
          .reduce((earlier, later) -> later);
    }

    LogLine first() {
      return entry().orElseGet(() -> lines.get(0));
    }

    boolean isCalled() {
      return first().isEvent("request.start");
    }

    List<LogLine> outgoing() {
      return lines.stream().filter(LogLine::isOutgoing).toList();
    }
  }
}
