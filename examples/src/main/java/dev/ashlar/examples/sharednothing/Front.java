package dev.ashlar.examples.sharednothing;

import dev.ashlar.leases.detect.Member;
import dev.ashlar.leases.own.Assignment;
import dev.ashlar.leases.own.BoundedRendezvous;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What clients talk to: knows by the members alone which node to ask. In production each client
 * computes that by itself, from a membership that is fed by a failure detector.
 */
final class Front {

  private final Map<String, Node> nodes;
  private Assignment assignment = new Assignment(new TreeMap<>(), new TreeMap<>());

  Front(Map<String, Node> nodes) {
    this.nodes = nodes;
  }

  /** Assigns all partitions to the members, and tells how many go to another one than before. */
  long assign(String... members) {
    Assignment before = assignment;
    assignment =
        BoundedRendezvous.standard()
            .assign(Partitions.all(), Stream.of(members).map(Member::of).toList());
    for (String member : members) {
      node(member).assign(assignment.partitionsOf(member));
    }
    return Partitions.all().stream()
        .filter(each -> !before.member(each).equals(assignment.member(each)))
        .count();
  }

  /** Returns how many partitions each member should own. */
  SortedMap<String, Integer> sizes() {
    return new TreeMap<>(
        assignment.memberOf().values().stream()
            .collect(Collectors.toMap(member -> member, member -> 1, Integer::sum)));
  }

  SortedSet<String> assignedTo(String member) {
    return assignment.partitionsOf(member);
  }

  /** Whether each partition is owned by the member that it is assigned to. */
  boolean isSettled() {
    return assignment.memberOf().entrySet().stream()
        .allMatch(entry -> node(entry.getValue()).owned().contains(entry.getKey()));
  }

  boolean isUnowned() {
    return nodes.values().stream().allMatch(node -> node.owned().isEmpty());
  }

  private Node node(String member) {
    return Optional.ofNullable(nodes.get(member)).orElseThrow();
  }

  private String memberFor(String partition) {
    return assignment.member(partition).orElseThrow();
  }

  /** By key: one node is asked. */
  <V> Reply<V> ask(String key, Rows.Work<V> work, Cost cost) throws SQLException {
    return askPartition(Partitions.of(key), work, cost);
  }

  private <V> Reply<V> askPartition(String partition, Rows.Work<V> work, Cost cost)
      throws SQLException {
    String member = memberFor(partition);
    cost.add(member, partition);
    return node(member).serve(partition, work);
  }

  /**
   * What came from all partitions, one after the other; they are no snapshot of one moment.
   *
   * @param missing how many did not answer, so the sum may be too small
   */
  record Gathered(int sum, int missing) {}

  /** By anything but the key: each partition may have some of it, so each is asked. */
  Gathered askAll(Rows.Work<Integer> work, Cost cost) throws SQLException {
    int sum = 0;
    int missing = 0;
    for (String partition : Partitions.all()) {
      if (askPartition(partition, work, cost) instanceof Reply.Done<Integer> done) {
        sum += done.value();
      } else {
        missing++;
      }
    }
    return new Gathered(sum, missing);
  }

  /** Whether {@link #buyAtOnce} can. */
  boolean isTogether(String session, String sku) {
    String one = Partitions.of(session);
    String other = Partitions.of(sku);
    return !one.equals(other)
        && memberFor(one).equals(memberFor(other))
        && node(memberFor(one)).hasTogether(one, other);
  }

  boolean isApart(String session, String sku) {
    return !memberFor(Partitions.of(session)).equals(memberFor(Partitions.of(sku)));
  }

  /** What is looked at between two steps. */
  interface Between {
    void look() throws SQLException, InterruptedException;
  }

  // [readme:shared-nothing-two]
  /** In two partitions of one node and one disk: one transaction, which both floors let through. */
  Reply<Boolean> buyAtOnce(String session, String sku, String request, Cost cost)
      throws SQLException {
    String carts = Partitions.of(session);
    String stocks = Partitions.of(sku);
    cost.add(memberFor(carts), carts, stocks);
    return node(memberFor(carts))
        .serveBoth(
            carts,
            stocks,
            (cart, stock) ->
                cart.canPut(session)
                    && stock.take(sku, request)
                    && cart.put(session, sku, request));
  }

  /**
   * In two partitions of two nodes: one step after the other, and a step back if the second one is
   * refused. In between, everybody sees the first step alone. Each step may be repeated, so whoever
   * fails on the way goes on with the same request; an outbox would remember to.
   */
  Reply<Boolean> buyInSteps(String session, String sku, String request, Between between, Cost cost)
      throws SQLException, InterruptedException {
    Reply<Boolean> taken = ask(sku, rows -> rows.take(sku, request), cost);
    if (!(taken instanceof Reply.Done<Boolean> first) || !first.value()) {
      return taken;
    }
    between.look();
    Reply<Boolean> put = ask(session, rows -> rows.put(session, sku, request), cost);
    if (put instanceof Reply.Done<Boolean> done && done.value()) {
      return put;
    }
    Reply<Boolean> back = ask(sku, rows -> rows.putBack(sku, request), cost);
    return back instanceof Reply.Done<Boolean> ? new Reply.Done<>(false) : back;
  }
  // [/readme]
}
