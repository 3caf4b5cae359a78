package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Proves;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LossCause;
import dev.ashlar.leases.elect.EndCause;
import dev.ashlar.leases.elect.Term;
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
 * <p><b>Guarantees.</b> As {@link LeaseStoreContract}, on the same fixture. On a clock that is
 * moved by hand nothing may come a moment late; on a real one it is waited for.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 *
 * <p><b>Limits.</b> An engine with a real clock and a term of two seconds needs about twenty.
 */
public abstract class ElectionContract extends ElectionFixture {

  /** Longer than a test. */
  private static final Duration AWAY = Duration.ofMinutes(10);

  /** For subclasses. */
  protected ElectionContract() {}

  @Test
  @Proves("LEASE-51")
  void aListenerHearsElectedAndEndedInTurn() throws Exception {
    Node node = node(freshName());
    node.journal().onElected(term -> thrown());
    node.journal().onEnded(term -> thrown());
    leader(node);
    for (int i = 0; i < 3; i++) {
      int elections = node.journal().numbers().size();
      int losses = node.journal().causes().size();
      lose(node, i);
      eventually("end by loss", () -> node.journal().causes().size() > losses);
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

  /** The first time for want of an answer, which takes a term, and then by a resource's word. */
  private static void lose(Node node, int round) {
    if (round == 0) {
      node.line().set(FaultyStore.Mode.CUT);
    } else {
      node.currentTerm().ifPresent(term -> term.lease().lose(LossCause.FENCED_BY_RESOURCE));
    }
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
    passAtLeast(term());
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

    node.candidate().resign(AWAY);

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

    node.candidate().resign(AWAY);
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
    List<Long> elected = new CopyOnWriteArrayList<>();
    Node node = node(freshName());
    node.journal().onElected(term -> elected.add(time().nanos()));
    leader(node);
    eventually("election", () -> !elected.isEmpty());
    long start = time().nanos();
    node.candidate().resign(term());
    assertThat(node.currentTerm()).isEmpty();
    promptly("the end", () -> !node.journal().causes().isEmpty());
    linger();

    eventually("a new term", () -> elected.size() > 1);
    assertThat(Duration.ofNanos(elected.get(1) - start)).isGreaterThanOrEqualTo(term());
  }
}
