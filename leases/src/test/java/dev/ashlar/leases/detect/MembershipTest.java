package dev.ashlar.leases.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.CountingObserver;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.leases.detect.Suspicion.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MembershipTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final List<Member> GROUP = List.of(Member.of("a"), Member.of("b"), Member.of("c"));

  private final ManualTime time = ManualTime.create();
  private final CountingObserver observer = new CountingObserver();
  private final List<String> sent = new ArrayList<>();

  private FailureDetector<String> detector() {
    PauseMonitor local = PauseMonitor.of(SECOND, SECOND, time, observer);
    return HeartbeatDetector.of(Duration.ofSeconds(5), local, time);
  }

  private Membership membership() {
    return Membership.of(
        Member.of("a"),
        3,
        detector(),
        (to, number) -> {
          sent.add(to.id() + number.incarnation() + number.sequence());
          if (to.id().equals("b")) {
            throw new BackendException("send", Effect.NONE, new Advice.Transient(), null);
          }
        },
        observer);
  }

  @Test
  void aRoundSendsToAllAlsoWhenOneFails() {
    Membership membership = membership();
    membership.expect(GROUP);
    membership.round();
    membership.round();
    assertThat(sent).containsExactly("b31", "c31", "b32", "c32");
    assertThat(observer.count("leases.member.unsent")).isEqualTo(2);
  }

  @Test
  void whoIsHeardIsInTheViewUntilItIsSilent() {
    Membership membership = membership();
    membership.expect(GROUP);
    assertThat(membership.received("c", "c", Heartbeat.first(1))).isTrue();
    assertThat(membership.received("d", "d", Heartbeat.first(1))).isFalse();
    assertThat(membership.received("c", "b", Heartbeat.first(1))).isFalse();
    assertThat(membership.members().up()).containsExactly(Member.of("a"), Member.of("c"));
    for (int i = 0; i < 5; i++) {
      time.advance(SECOND);
      membership.round();
    }
    assertThat(membership.members().up()).containsExactly(Member.of("a"));
    assertThat(observer.count("leases.member.up")).isEqualTo(1);
    assertThat(observer.count("leases.member.suspected")).isEqualTo(1);
    assertThat(observer.count("leases.member.relayed")).isEqualTo(1);
  }

  @Test
  void whoIsExpectedCanChange() {
    Membership membership = membership();
    membership.expect(GROUP);
    assertThat(membership.received("c", "c", Heartbeat.first(1))).isTrue();
    Member heavier = new Member("c", 5, "elsewhere");
    membership.expect(List.of(heavier, Member.of("d")));
    assertThat(membership.members().up()).containsExactly(Member.of("a"), heavier);
    membership.expect(List.of());
    assertThat(membership.members().up()).containsExactly(Member.of("a"));
    assertThatThrownBy(() -> membership.expect(List.of(heavier, Member.of("c"))))
        .hasMessage("members: c twice (expected: once)");
  }

  @Test
  void membersHaveBounds() {
    assertThatThrownBy(() -> Member.of("no spaces"))
        .hasMessage("id: 9 characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    assertThatThrownBy(() -> new Member("a", 0, "")).hasMessage("weight: 0 (expected: 1 to 1000)");
    assertThatThrownBy(() -> new Member("a", 1, "x".repeat(257)))
        .hasMessage("address: 257 characters (expected: up to 256)");
  }

  @Test
  void aDetectorIsAskedForWhoeverIsWorthATry() {
    long incarnation = 1;
    // [doc:HeartbeatDetector]
    PauseMonitor local =
        PauseMonitor.of(Duration.ofSeconds(1), Duration.ofSeconds(1), time, Observer.none());
    FailureDetector<String> detector = HeartbeatDetector.of(Duration.ofSeconds(5), local, time);
    detector.watch("b");
    boolean counted = detector.heartbeat("b", Heartbeat.first(incarnation));
    boolean worthATry = detector.suspicion("b").verdict() == Verdict.SUSPECTED;
    // [/doc]
    assertThat(counted).isTrue();
    assertThat(worthATry).isFalse();
  }

  @Test
  void aMembershipGoesRoundByRound() {
    long incarnation = 1;
    FailureDetector<String> detector = detector();
    Heartbeats transport = (to, number) -> sent.add(to.id());
    // [doc:Membership]
    Membership membership =
        Membership.of(Member.of("a"), incarnation, detector, transport, Observer.none());
    membership.expect(List.of(Member.of("a"), Member.of("b"), Member.of("c")));
    membership.round(); // Once a second, from the application's own loop.
    boolean counted = membership.received("b", "b", Heartbeat.first(9)); // From its transport.
    List<Member> up = membership.members().up();
    // [/doc]
    assertThat(counted).isTrue();
    assertThat(sent).containsExactly("b", "c");
    assertThat(up).containsExactly(Member.of("a"), Member.of("b"));
  }
}
