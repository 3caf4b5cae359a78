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

  /** One handling, and its lines by time. */
  record Request(String id, List<LogLine> lines) {

    Optional<LogLine> entry() {
      return lines.stream().filter(LogLine::isEntry).min(IN_PLACE);
    }

    Optional<LogLine> end() {
      return lines.stream().filter(line -> line.isEvent("request.end")).max(IN_PLACE);
    }

    LogLine first() {
      return entry().orElseGet(() -> lines.stream().min(IN_PLACE).orElseThrow());
    }

    String cause() {
      return lines.stream()
          .map(line -> line.get(LogLine.CAUSE))
          .filter(cause -> !cause.isEmpty())
          .min(Comparator.naturalOrder())
          .orElse("");
    }

    List<LogLine> outgoing() {
      return lines.stream().filter(LogLine::isOutgoing).sorted(IN_PLACE).toList();
    }
  }

  /** The lines of one process by their place in it, the others by time. */
  private static final Comparator<LogLine> IN_PLACE =
      (one, other) ->
          one.hasPlace()
                  && other.hasPlace()
                  && one.get(LogLine.PROCESS).equals(other.get(LogLine.PROCESS))
              ? Long.compare(one.seq(), other.seq())
              : LogLine.BY_TIME.compare(one, other);

  private final Map<String, Request> requests = new TreeMap<>();
  private final Map<String, List<Request>> effects = new HashMap<>();
  private final List<Request> roots = new ArrayList<>();

  RequestTree(List<LogLine> lines) {
    for (LogLine line : lines) {
      String id = line.get(LogLine.REQUEST);
      if (!id.isEmpty()) {
        requests.computeIfAbsent(id, key -> new Request(key, new ArrayList<>())).lines().add(line);
      }
    }
    requests.values().forEach(request -> request.lines().sort(LogLine.BY_TIME));
    requests.values().forEach(this::place);
    Comparator<Request> byFirst = Comparator.comparing(Request::first, LogLine.BY_TIME);
    roots.sort(byFirst);
    effects.values().forEach(list -> list.sort(byFirst));
  }

  /** A request whose cause logged nothing is a root, and so is one that is among its own causes. */
  private void place(Request request) {
    Set<String> passed = new HashSet<>();
    Request at = request;
    boolean rooted = false;
    while (!rooted && passed.add(at.id())) {
      Request cause = requests.get(at.cause());
      rooted = cause == null;
      at = cause == null ? at : cause;
    }
    boolean inCycle = !rooted && at.id().equals(request.id());
    if (!requests.containsKey(request.cause()) || inCycle) {
      roots.add(request);
    } else {
      effects.computeIfAbsent(request.cause(), key -> new ArrayList<>()).add(request);
    }
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

  /** Returns the line after which the first line of an effect must stand. */
  static LogLine sending(Request cause, Request effect) {
    String target = effect.first().get(LogLine.TARGET);
    List<LogLine> outgoing = cause.outgoing();
    return outgoing.stream()
        .filter(line -> line.get(LogLine.TARGET).equals(target))
        .findFirst()
        .or(() -> outgoing.stream().findFirst())
        .orElseGet(cause::first);
  }

  /** Returns the end of the one call that an effect can have been the answer to. */
  Optional<LogLine> answered(Request cause, Request effect) {
    List<LogLine> ends = cause.lines().stream().filter(line -> line.isEvent("call.end")).toList();
    boolean onlyOne =
        ends.size() == 1
            && cause.lines().stream().filter(line -> line.isEvent("call.start")).count() == 1
            && effects(cause).stream().filter(RequestTree::isCalled).count() == 1;
    return onlyOne && isCalled(effect) ? Optional.of(ends.get(0)) : Optional.empty();
  }

  private static boolean isCalled(Request request) {
    return request.first().isEvent("request.start");
  }
}
