package dev.ashlar.core.testkit.history;

import dev.ashlar.core.testkit.history.Model.Reply;
import dev.ashlar.core.testkit.history.Operation.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/*
 * The search
 * ----------
 *
 *     a begins   b begins   a ends   c begins   b ends ...
 *     |<- one of these ->|  next     |<- not yet: a was over before
 *
 * Next in an order is one of those that begin before the first end of what has no place yet. The model is
 * asked; if it answers what was answered, the operation has its place, and a new way begins there. Ways
 * are followed in the order of how many answered operations they have placed, the most first, and with
 * equally many the one with the fewest open operations: those are placed only where nothing else fits.
 *
 * What keeps it from trying all orders:
 *
 * - Two ways to the same set and the same state have the same future (Lowe). Of two with the same answered
 *   operations and the same state, the one that has used up fewer open operations can do all that the
 *   other can, so the other is not gone.
 * - An open operation that would not change the state is not placed: leaving it out explains as much.
 * - Of open operations with equal inputs the one that began first is placed first: it can stand wherever
 *   the others can.
 *
 * Without the last three, forty lost answers are 2^40 ways.
 *
 * The furthest first end that a way comes to is the evidence. All ends before it were passed, so what came
 * before can be explained; no way passes it, and all were tried, so no order of what began before it does.
 */

/** One search over the operations of one key. */
final class Search<S, I, O> {

  /** What is kept costs memory, where asking costs time only; this is their rate of exchange. */
  private static final int STEPS_KEPT = 10;

  private final Model<S, I, O> model;
  private final String key;
  private final List<Operation<I, O>> answered = new ArrayList<>();
  private final List<Operation<I, O>> open = new ArrayList<>();

  /** For each open operation the one before it with an equal input, or -1. */
  private final List<Integer> formers = new ArrayList<>();

  private final int stepsMax;
  private int steps;

  private final PriorityQueue<Way<S>> ways = new PriorityQueue<>(Way.FURTHEST_FIRST);
  private final Map<Visited, List<PlacedSet>> visited = new HashMap<>();
  private long furthestEnd = Long.MIN_VALUE;
  private Way<S> furthest;

  /**
   * Makes a search.
   *
   * @param operations answered or unknown, none that failed
   */
  Search(Model<S, I, O> model, String key, List<Operation<I, O>> operations, int stepsMax) {
    this.model = model;
    this.key = key;
    this.stepsMax = stepsMax;
    List<Operation<I, O>> ordered = new ArrayList<>(operations);
    ordered.sort(Comparator.comparingLong(operation -> operation.span().began()));
    Map<I, Integer> latest = new HashMap<>();
    for (Operation<I, O> operation : ordered) {
      if (operation.isAnswered()) {
        answered.add(operation);
      } else {
        Integer former = latest.put(operation.input(), open.size());
        formers.add(former == null ? -1 : former);
        open.add(operation);
      }
    }
    this.furthest = new Way<>(null, null, PlacedSet.empty(), model.initial());
  }

  Verdict run() {
    Way<S> way = furthest;
    while (way != null && way.placed.answeredCount() < answered.size()) {
      if (steps >= stepsMax) {
        return new Verdict.Undecided(key, steps);
      }
      follow(way);
      way = ways.poll();
    }
    return way == null ? violated() : new Verdict.Linearizable();
  }

  private void follow(Way<S> way) {
    long end = Long.MAX_VALUE;
    PlacedSet placed = way.placed;
    for (int i = placed.firstCandidate(); i < answered.size() && began(answered, i) <= end; i++) {
      if (!placed.hasAnswered(i)) {
        Operation<I, O> operation = answered.get(i);
        end = Math.min(end, operation.span().ended());
        Reply<S, O> reply = ask(way, operation);
        if (((Outcome.Answered<O>) operation.outcome()).output().equals(reply.output())) {
          add(new Way<>(way, operation, placed.withAnswered(i), reply.state()));
        }
      }
    }
    for (int i = 0; i < open.size() && began(open, i) <= end; i++) {
      int former = formers.get(i);
      if (!placed.hasOpen(i) && (former < 0 || placed.hasOpen(former))) {
        Reply<S, O> reply = ask(way, open.get(i));
        if (!reply.state().equals(way.state)) {
          add(new Way<>(way, open.get(i), placed.withOpen(i), reply.state()));
        }
      }
    }
    if (end > furthestEnd) {
      furthestEnd = end;
      furthest = way;
    }
  }

  private static long began(List<? extends Operation<?, ?>> operations, int number) {
    return operations.get(number).span().began();
  }

  private Reply<S, O> ask(Way<S> way, Operation<I, O> operation) {
    steps++;
    return model.apply(way.state, operation.input());
  }

  private void add(Way<S> way) {
    List<PlacedSet> known =
        visited.computeIfAbsent(new Visited(way.placed, way.state), key -> new ArrayList<>(1));
    // Comparisons are cheap, but a thousand of them cost what asking a model does.
    steps += known.size() / 64;
    for (PlacedSet other : known) {
      if (other.hasNoOtherOpen(way.placed)) {
        return;
      }
    }
    known.add(way.placed);
    ways.add(way);
    steps += STEPS_KEPT;
  }

  private Verdict violated() {
    List<Operation<?, ?>> beginning = new ArrayList<>();
    List<Verdict.Left> left = new ArrayList<>();
    collect(answered, furthest.placed::hasAnswered, beginning, left);
    collect(open, furthest.placed::hasOpen, beginning, left);
    beginning.sort(Comparator.comparingLong(operation -> operation.span().began()));
    left.sort(Comparator.comparingLong(one -> one.operation().span().began()));
    Operation<?, ?> unexplained =
        beginning.stream()
            .filter(operation -> operation.span().ended() == furthestEnd)
            .findFirst()
            .orElseThrow();
    return new Verdict.Violated(key, beginning, unexplained, furthest.inOrder(), left);
  }

  private void collect(
      List<Operation<I, O>> operations,
      IsPlaced isPlaced,
      List<Operation<?, ?>> beginning,
      List<Verdict.Left> left) {
    for (int i = 0; i < operations.size() && began(operations, i) <= furthestEnd; i++) {
      Operation<I, O> operation = operations.get(i);
      beginning.add(operation);
      if (!isPlaced.test(i)) {
        Object output = model.apply(furthest.state, operation.input()).output();
        left.add(new Verdict.Left(operation, output));
      }
    }
  }

  @FunctionalInterface
  private interface IsPlaced {
    boolean test(int number);
  }

  /** What has its place, in which order, and the state that this leads to. */
  private static final class Way<S> {

    private static final Comparator<Way<?>> FURTHEST_FIRST =
        Comparator.<Way<?>>comparingInt(way -> -way.placed.answeredCount())
            .thenComparingInt(way -> way.placed.openCount());

    private final @Nullable Way<S> before;
    private final @Nullable Operation<?, ?> last;
    private final PlacedSet placed;
    private final S state;

    Way(@Nullable Way<S> before, @Nullable Operation<?, ?> last, PlacedSet placed, S state) {
      this.before = before;
      this.last = last;
      this.placed = placed;
      this.state = state;
    }

    List<Verdict.Placed> inOrder() {
      List<Verdict.Placed> order = new ArrayList<>();
      for (Way<S> at = this; at != null && at.last != null; at = at.before) {
        order.add(new Verdict.Placed(at.last, at.state));
      }
      Collections.reverse(order);
      return order;
    }
  }

  /** The answered operations that have their place, and the state. */
  private static final class Visited {
    private final PlacedSet placed;
    private final Object state;

    Visited(PlacedSet placed, Object state) {
      this.placed = placed;
      this.state = state;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Visited that
          && placed.hasSameAnswered(that.placed)
          && state.equals(that.state);
    }

    @Override
    public int hashCode() {
      return 31 * placed.hashOfAnswered() + state.hashCode();
    }
  }
}
