package dev.ashlar.leases.testkit;

import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.elect.Elector;
import dev.ashlar.leases.elect.ElectorOptions;
import dev.ashlar.leases.elect.Term;
import dev.ashlar.leases.keep.Leases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Those who stand for election, and the words in which tests about them are written. */
abstract class ElectionFixture extends LeaseFixture {

  static final Duration DRAIN = Duration.ofSeconds(2);
  private static final Duration RETRY = Duration.ofMillis(100);
  private static final Duration SETTLING = Duration.ofMillis(20);

  private static final IdSource NONCES =
      IdSource.of(TimeSource.system(), Seeds.random(Seeds.next()));

  /** One of those who stand: its line to the store, its elector, and what its listener hears. */
  record Node(FaultyStore line, Candidate candidate, TermJournal journal) {

    Optional<Term> currentTerm() {
      return candidate.currentTerm();
    }

    boolean leads() {
      return currentTerm().isPresent();
    }
  }

  /** Returns the elector under test; overridden by twins only. */
  Candidate candidate(Elector elector, FaultyStore line) {
    return Candidate.of(elector);
  }

  final Node node(LeaseName name) throws Exception {
    return node(name, term());
  }

  final Node node(LeaseName name, Duration term) throws Exception {
    FaultyStore line = faulty();
    Leases leases = Leases.of(line, options(term), NONCES, time(), Observer.none());
    opened.add(leases);
    ElectorOptions options =
        ElectorOptions.of(Seeds.random(Seeds.next())).withDrainMax(DRAIN).withRetryEvery(RETRY);
    Elector elector = Elector.of(leases, name, options, time(), Observer.none());
    opened.add(elector);
    Node node = new Node(line, candidate(elector, line), new TermJournal());
    node.candidate().listen(node.journal());
    return node;
  }

  final Node leader(LeaseName name) throws Exception {
    return leader(node(name));
  }

  final Node leader(Node node) throws Exception {
    node.candidate().start();
    eventually("election", () -> !node.journal().numbers().isEmpty());
    return node;
  }

  final List<Node> nodes(LeaseName name, int n) throws Exception {
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      nodes.add(node(name));
    }
    return nodes;
  }

  /** Lets the lease of a node that hears nothing run out, and not a moment more. */
  final void passWhileHeld(Lease lease) throws InterruptedException {
    while (lease.stillHeld()) {
      pass(lease.remaining());
    }
  }

  /** Lets time pass, and threads do what is due, until a condition holds or the span is over. */
  final boolean holdsWithin(Duration span, LeaseLook look) throws Exception {
    long start = time().nanos();
    while (!look.holds() && elapsedSince(start).compareTo(span) < 0) {
      TimeSource.system().sleep(SETTLING);
      if (!look.holds()) {
        pass(step());
      }
    }
    TimeSource.system().sleep(SETTLING);
    return look.holds();
  }

  @FunctionalInterface
  interface LeaseLook {
    boolean holds() throws Exception;
  }

  /** What is current at two looks was current at each moment between them. */
  static List<Long> currentAtOnce(List<Node> nodes) {
    List<Long> first = numbers(nodes);
    return numbers(nodes).stream().filter(first::contains).toList();
  }

  private static List<Long> numbers(List<Node> nodes) {
    return nodes.stream().flatMap(node -> node.currentTerm().stream()).map(Term::number).toList();
  }

  static void thrown() {
    throw new IllegalStateException("listener: thrown (expected: to change nothing)");
  }

  static void untilInterrupted(List<String> heard) {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      heard.add("interrupted");
    }
  }

  /** As a library does that takes no interruption for an answer. */
  static void awaitStubbornly(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.onSpinWait();
      }
    }
  }

  final boolean isClosed(Node node) throws Exception {
    Background<Boolean> closing =
        Background.start(
            "close",
            () -> {
              node.candidate().close();
              return true;
            });
    return promptResultOf("the end of closing", closing);
  }
}
