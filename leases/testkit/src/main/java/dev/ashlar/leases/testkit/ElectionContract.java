package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.elect.Elector;
import dev.ashlar.leases.elect.ElectorOptions;
import dev.ashlar.leases.elect.EndCause;
import dev.ashlar.leases.elect.Term;
import dev.ashlar.leases.keep.Leases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/**
 * What an election over a lease store does, as tests: the properties LEASE-51 to LEASE-55, LEASE-80
 * and LEASE-81. A store that keeps {@link LeaseStoreContract} should pass without another thought;
 * this is where that is seen.
 *
 * <p><b>Guarantees.</b> As {@link LeaseStoreContract}, on the same fixture.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 */
public abstract class ElectionContract extends LeaseFixture {

  private static final Duration DRAIN = Duration.ofSeconds(2);
  private static final Duration RETRY = Duration.ofMillis(100);
  private static final Duration SETTLING = Duration.ofMillis(20);

  private static final IdSource NONCES =
      IdSource.of(TimeSource.system(), Seeds.random(Seeds.next()));

  /** For subclasses. */
  protected ElectionContract() {}

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

  private Node leader(LeaseName name) throws Exception {
    return leader(node(name));
  }

  private Node leader(Node node) throws Exception {
    node.candidate().start();
    eventually("election", () -> !node.journal().numbers().isEmpty());
    return node;
  }

  private List<Node> nodes(LeaseName name, int n) throws Exception {
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      nodes.add(node(name));
    }
    return nodes;
  }

  /** Lets the lease of a node that hears nothing run out, and not a moment more. */
  private void passWhileHeld(Lease lease) throws InterruptedException {
    while (lease.stillHeld()) {
      pass(lease.remaining());
    }
  }

  /** Lets time pass, and threads do what is due, until a condition holds or the span is over. */
  private boolean holdsWithin(Duration span, LeaseLook look) throws Exception {
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
  private interface LeaseLook {
    boolean holds() throws Exception;
  }

  /** What is current at two looks was current at each moment between them. */
  private static List<Long> currentAtOnce(List<Node> nodes) {
    List<Long> first = numbers(nodes);
    return numbers(nodes).stream().filter(first::contains).toList();
  }

  private static List<Long> numbers(List<Node> nodes) {
    return nodes.stream().flatMap(node -> node.currentTerm().stream()).map(Term::number).toList();
  }

  @Test
  @Proves("LEASE-51")
  void aListenerHearsElectedAndEndedInTurn() throws Exception {
    Node node = node(freshName());
    node.journal().onElected(term -> thrown());
    node.journal().onEnded(term -> thrown());
    leader(node);
    for (int i = 0; i < 3; i++) {
      int elections = node.journal().numbers().size();
      node.line().set(FaultyStore.Mode.CUT);
      eventually("end by loss", node.journal()::hasEnded);
      node.line().set(FaultyStore.Mode.WORKING);
      eventually("a new term", () -> node.journal().numbers().size() > elections);
      int ends = node.journal().causes().size();
      node.candidate().resign(Duration.ZERO);
      eventually("end by resigning", () -> node.journal().causes().size() > ends);
      eventually("a new term", () -> !node.journal().hasEnded());
    }
    assertThat(isClosed(node)).isTrue();

    node.journal().assertAlternates();
    assertThat(node.journal().causes())
        .contains(EndCause.LOST, EndCause.RESIGNED)
        .endsWith(EndCause.CLOSED);
  }

  private static void thrown() {
    throw new IllegalStateException("listener: thrown (expected: to change nothing)");
  }

  @Test
  @Proves("LEASE-51")
  void theEndIsToldByTheClockAlone() throws Exception {
    Node node = leader(freshName());
    Lease lease = node.currentTerm().orElseThrow().lease();
    node.line().set(FaultyStore.Mode.CUT);

    passWhileHeld(lease);

    assertThat(node.currentTerm()).isEmpty();
    promptly("the end", node.journal()::hasEnded);
    assertThat(node.journal().causes()).containsExactly(EndCause.LOST);
  }

  @Test
  @Proves("LEASE-51")
  void aListenerThatLeadsInItsCallIsInterruptedAtTheEnd() throws Exception {
    List<String> heard = new CopyOnWriteArrayList<>();
    Node node = node(freshName());
    node.journal().onElected(term -> untilInterrupted(heard));
    node.journal().onEnded(term -> heard.add("ended"));
    leader(node);
    Lease lease = node.currentTerm().orElseThrow().lease();
    node.line().set(FaultyStore.Mode.CUT);

    passWhileHeld(lease);

    promptly("the end", () -> heard.contains("ended"));
    assertThat(heard.subList(0, 2)).containsExactly("interrupted", "ended");
    node.journal().assertAlternates();
  }

  private static void untilInterrupted(List<String> heard) {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      heard.add("interrupted");
    }
  }

  @Test
  @Proves("LEASE-52")
  void eachTermHasALargerNumberThanAllBefore() throws Exception {
    LeaseName name = freshName();
    Node one = leader(name);
    Node other = node(name);
    other.candidate().start();
    List<Long> numbers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      eventually("a leader", () -> one.leads() || other.leads());
      Node leader = one.leads() ? one : other;
      Optional<Term> term = leader.currentTerm();
      term.ifPresent(current -> numbers.add(current.number()));
      leader.candidate().resign(i % 2 == 0 ? Duration.ZERO : term().dividedBy(2));
      eventually("its end", () -> !leader.currentTerm().equals(term));
    }

    assertThat(numbers).isNotEmpty().isSorted().doesNotHaveDuplicates();
    for (Node node : List.of(one, other)) {
      assertThat(node.journal().numbers()).isSorted().doesNotHaveDuplicates();
    }
  }

  @Test
  @Proves("LEASE-53")
  void atMostOneTermIsCurrentWhateverListenersDo() throws Exception {
    List<Node> nodes = nodes(freshName(), 3);
    CountDownLatch letGo = new CountDownLatch(1);
    Node first = nodes.get(0);
    first.journal().onElected(term -> awaitStubbornly(letGo));
    leader(first);
    for (Node node : nodes) {
      node.candidate().start();
    }
    first.line().set(FaultyStore.Mode.CUT);
    boolean succeeded =
        holdsWithin(
            term().multipliedBy(3),
            () -> {
              assertThat(currentAtOnce(nodes)).as("current at once").hasSizeLessThan(2);
              return nodes.get(1).leads() || nodes.get(2).leads();
            });

    assertThat(succeeded).as("a successor").isTrue();
    assertThat(currentAtOnce(nodes)).as("current at once").hasSizeLessThan(2);
    letGo.countDown();
    first.line().set(FaultyStore.Mode.WORKING);
    passWhile(term(), () -> assertThat(currentAtOnce(nodes)).as("current").hasSizeLessThan(2));
  }

  /** As a library does that takes no interruption for an answer. */
  private static void awaitStubbornly(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  @Proves("LEASE-54")
  void aNodeStandsAgainAfterALoss() throws Exception {
    Node node = leader(freshName());
    Lease lease = node.currentTerm().orElseThrow().lease();
    node.line().set(FaultyStore.Mode.CUT);
    passWhileHeld(lease);
    promptly("the end", node.journal()::hasEnded);
    node.line().set(FaultyStore.Mode.WORKING);

    assertThat(holdsWithin(term().multipliedBy(2), node::leads)).as("leads").isTrue();
  }

  @Test
  @Proves("LEASE-54")
  void anotherLeadsSoonAfterTheLeaderIsGone() throws Exception {
    LeaseName name = freshName();
    Node gone = leader(name);
    List<Node> others = nodes(name, 2);
    for (Node node : others) {
      node.candidate().start();
    }
    gone.line().set(FaultyStore.Mode.CUT);

    boolean led = holdsWithin(term().multipliedBy(2), () -> others.stream().anyMatch(Node::leads));
    assertThat(led).as("another leads").isTrue();
  }

  @Test
  @Proves("LEASE-54")
  void somebodyLeadsSoonAfterAllWereCutOff() throws Exception {
    List<Node> nodes = nodes(freshName(), 3);
    leader(nodes.get(0));
    for (Node node : nodes) {
      node.candidate().start();
      node.line().set(FaultyStore.Mode.CUT);
    }
    passAtLeast(term().multipliedBy(2));
    assertThat(nodes).noneMatch(Node::leads);
    for (Node node : nodes) {
      node.line().set(FaultyStore.Mode.WORKING);
    }

    boolean led = holdsWithin(term().multipliedBy(2), () -> nodes.stream().anyMatch(Node::leads));
    assertThat(led).as("somebody leads").isTrue();
  }

  @Test
  @Proves("LEASE-55")
  void whoeverWasElectedHearsTheEndOnClosing() throws Exception {
    Node node = leader(freshName());

    assertThat(isClosed(node)).isTrue();
    assertThat(node.journal().causes()).containsExactly(EndCause.CLOSED);
    assertThat(node.currentTerm()).isEmpty();
    assertThat(isClosed(node)).isTrue();
    assertThat(node.journal().causes()).hasSize(1);
  }

  @Test
  @Proves("LEASE-55")
  void closingEndsAListenerThatLeadsInItsCall() throws Exception {
    List<String> heard = new CopyOnWriteArrayList<>();
    Node node = node(freshName());
    node.journal().onElected(term -> untilInterrupted(heard));
    leader(node);

    assertThat(isClosed(node)).isTrue();
    assertThat(heard).containsExactly("interrupted");
    assertThat(node.journal().causes()).containsExactly(EndCause.CLOSED);
    node.journal().assertAlternates();
  }

  private boolean isClosed(Node node) throws Exception {
    Background<Boolean> closing =
        Background.start(
            "close",
            () -> {
              node.candidate().close();
              return true;
            });
    return promptResultOf("the end of closing", closing);
  }

  @Test
  @Proves("LEASE-80")
  void theLeaseIsGivenBackWhenListenersHaveEnded() throws Exception {
    List<String> heard = new CopyOnWriteArrayList<>();
    Node node = node(freshName(), longTerm());
    node.journal()
        .onEnded(
            term -> {
              heard.add("held: " + term.stillHeld());
              linger();
              heard.add("ended");
            });
    node.line().beforeRelease(() -> heard.add("given back"));
    leader(node);

    node.candidate().resign(longTerm());

    promptly("the end", () -> heard.contains("given back") && heard.contains("ended"));
    assertThat(heard).containsExactly("held: true", "ended", "given back");
  }

  @Test
  @Proves("LEASE-80")
  void aListenerThatDoesNotEndLeavesTheLeaseToItsTerm() throws Exception {
    CountDownLatch letGo = new CountDownLatch(1);
    Node node = node(freshName(), longTerm());
    node.journal().onEnded(term -> awaitStubbornly(letGo));
    leader(node);
    Lease lease = node.currentTerm().orElseThrow().lease();

    node.candidate().resign(longTerm());
    promptly("the end", node.journal()::hasEnded);
    assertThat(lease.stillHeld()).isTrue();
    passAtLeast(DRAIN);

    promptly("letting go", () -> lease.state() == LeaseState.RELEASED);
    letGo.countDown();
    linger();
    assertThat(node.line().releases()).isEmpty();
  }

  @Test
  @Proves("LEASE-81")
  void whoHasResignedDoesNotStandUntilItHasCooledDown() throws Exception {
    Node node = leader(freshName());
    int elections = node.journal().numbers().size();
    Duration coolDown = term().multipliedBy(2);
    long start = time().nanos();
    node.candidate().resign(coolDown);
    assertThat(node.currentTerm()).isEmpty();
    promptly("the end", () -> !node.journal().causes().isEmpty());
    linger();

    while (elapsedSince(start).compareTo(coolDown.minus(step())) < 0) {
      assertThat(node.leads()).as("leads").isFalse();
      pass(step());
    }

    assertThat(node.journal().numbers()).hasSize(elections);
    eventually("a new term", () -> node.journal().numbers().size() > elections);
  }
}
