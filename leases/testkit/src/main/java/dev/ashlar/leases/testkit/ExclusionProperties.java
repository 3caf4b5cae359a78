package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Effect;
import dev.ashlar.core.FencingToken;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.keep.Acquisition;
import dev.ashlar.leases.keep.Leases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The properties LEASE-10, 13, 19 and 22 to 26: one holder, and requests of unknown outcome. */
abstract class ExclusionProperties extends TokenProperties {

  @Test
  @Proves("LEASE-10")
  void aFailedAcquireUsesUpOneTokenAndLeavesNoHolderBeyondTheTerm() throws Exception {
    LeaseName name = freshName();
    FaultyStore line = faulty().set(FaultyStore.Mode.LOSING_ANSWERS);
    Leases leases = leases(line, term());
    Background<Acquisition> asking =
        Background.start("ask", () -> leases.acquire(name, in(step().multipliedBy(10))));

    eventually("the end of asking", asking::isDone);

    assertThatThrownBy(asking::result)
        .isInstanceOf(BackendException.class)
        .matches(e -> ((BackendException) e).effect() == Effect.UNKNOWN);
    Set<FencingToken> used = new HashSet<>(tokens(line.grants()));
    assertThat(used).hasSizeLessThanOrEqualTo(1);
    grantedAtLast(store(), name, "next");
  }

  @Test
  @Proves("LEASE-13")
  void whileAGrantLastsNobodyElseGetsTheLease() throws Exception {
    LeaseName name = freshName();
    LeaseStore here = store();
    LeaseStore there = store();
    Grant grant = granted(here, contender(name, "same"), longTerm());

    for (LeaseStore store : List.of(here, there)) {
      Contender other = contender(name, "same");
      assertThat(refused(store.grant(other, longTerm(), soon())).map(Grant::fence))
          .contains(grant.fence());
      store.release(other, soon());
      assertHeldBy(store, grant.fence());
    }
    assertThat(done(here.extend(grant.fence(), longTerm(), soon())).fence())
        .isEqualTo(grant.fence());
  }

  @Test
  @Proves("LEASE-13")
  void ofManyWhoAskAtOnceOneGetsTheLease() throws Exception {
    LeaseName name = freshName();
    List<Background<Answer<Grant>>> asking = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      LeaseStore store = store();
      Contender contender = contender(name, "owner-" + i);
      asking.add(Background.start("ask", () -> store.grant(contender, longTerm(), soon())));
    }
    int grants = 0;
    for (Background<Answer<Grant>> one : asking) {
      Answer<Grant> answer = promptResultOf("an answer", one);
      assertThat(answer).isNotInstanceOf(Answer.Unknown.class);
      grants += answer instanceof Answer.Done ? 1 : 0;
    }
    assertThat(grants).isEqualTo(1);
  }

  @Test
  @Proves("LEASE-19")
  void anExpiredLeaseCannotBeRenewedEvenIfNobodyTookIt() throws Exception {
    LeaseStore store = store();
    Grant grant = granted(store, contender(freshName()), term());
    passAtLeast(grant.term().plus(Duration.ofMillis(100)));

    assertThat(refused(store.extend(grant.fence(), longTerm(), soon()))).isEmpty();
    assertThat(refused(store.grant(grant.fence().holder(), longTerm(), soon()))).isEmpty();
    assertFree(store, grant.fence().lease());
  }

  @Test
  @Proves("LEASE-22")
  void aGrantWhoseAnswerWasLostIsAnsweredAgain() throws Exception {
    LeaseStore losing = openLosingAnswers();
    LeaseStore store = store();
    Contender contender = contender(freshName());

    Answer<Grant> lost = losing.grant(contender, longTerm(), soon());
    assertThat(lost).isInstanceOf(Answer.Unknown.class);
    assertThat(((Answer.Unknown<Grant>) lost).failure().effect()).isEqualTo(Effect.UNKNOWN);
    Grant answered = granted(store, contender, longTerm());

    assertThat(answered.fence().holder()).isEqualTo(contender);
    assertHeldBy(store, answered.fence());
    assertThat(granted(store, contender, longTerm()).fence()).isEqualTo(answered.fence());
  }

  @Test
  @Proves("LEASE-22")
  void aRepeatedGrantHasTheTokenOfTheFirst() throws Exception {
    LeaseName name = freshName();
    LeaseStore store = store();
    Contender contender = contender(name);
    store.grant(contender, longTerm(), soon());
    Fence first = refused(store.grant(contender(name), longTerm(), soon())).orElseThrow().fence();

    assertThat(granted(store, contender, longTerm()).fence()).isEqualTo(first);
  }

  @Test
  @Proves("LEASE-23")
  void aRequestThatNeverArrivedIsNoGrant() throws Exception {
    LeaseName name = freshName();
    FaultyStore line = faulty().set(FaultyStore.Mode.CUT);
    Leases leases = leases(line, term());
    Background<Acquisition> asking =
        Background.start("ask", () -> leases.acquire(name, in(step().multipliedBy(5))));
    eventually("the end of asking", asking::isDone);

    assertThatThrownBy(asking::result).isInstanceOf(BackendException.class);
    assertFree(store(), name);
  }

  @Test
  @Proves("LEASE-23")
  void askingAgainAfterSilenceIsAnsweredByTheStoreAlone() throws Exception {
    LeaseName free = freshName();
    LeaseName taken = freshName();
    LeaseStore store = store();
    Grant before = granted(store, contender(taken), longTerm());
    for (LeaseName name : List.of(free, taken)) {
      FaultyStore line = faulty().set(FaultyStore.Mode.CUT);
      Leases leases = leases(line, longTerm());
      Background<Acquisition> asking =
          Background.start("ask", () -> leases.tryAcquire(name, soon()));
      line.set(FaultyStore.Mode.WORKING);
      Acquisition answer = resultOf("an answer", asking);

      Fence holder = name.equals(free) ? held(answer).fence() : before.fence();
      assertThat(answer.lease().isPresent()).isEqualTo(name.equals(free));
      assertHeldBy(store, holder);
    }
  }

  @Test
  @Proves("LEASE-24")
  void requestsThatArriveTwiceAreHarmless() throws Exception {
    LeaseName name = freshName();
    FaultyStore echo = faulty().set(FaultyStore.Mode.ECHOING);
    LeaseStore store = store();
    Grant grant = granted(echo, contender(name), longTerm());
    assertHeldBy(store, grant.fence());
    assertThat(done(echo.extend(grant.fence(), longTerm(), soon())).fence())
        .isEqualTo(grant.fence());
    assertThat(new HashSet<>(tokens(echo.grants()))).hasSize(1);
    assertThat(echo.release(grant.fence().holder(), soon())).isNotInstanceOf(Answer.Unknown.class);
    assertFree(store, name);
  }

  @Test
  @Proves("LEASE-24")
  void requestsThatArriveLateAreHarmless() throws Exception {
    LeaseName name = freshName();
    LeaseStore store = store();
    Grant former = granted(store, contender(name, "former"), longTerm());
    release(store, former);

    assertThat(refused(store.grant(former.fence().holder(), longTerm(), soon()))).isEmpty();
    assertThat(refused(store.extend(former.fence(), longTerm(), soon()))).isEmpty();
    Grant successor = granted(store, contender(name, "successor"), longTerm());
    store.grant(former.fence().holder(), longTerm(), soon());
    store.extend(former.fence(), longTerm(), soon());
    store.release(former.fence().holder(), soon());

    assertHeldBy(store, successor.fence());
  }

  @Test
  @Proves("LEASE-25")
  void aLateReleaseDoesNotTouchTheSuccessor() throws Exception {
    LeaseName name = freshName();
    LeaseStore store = store();
    Fence former = granted(store, contender(name, "same"), term()).fence();
    Grant successor = grantedAtLast(store, name, "same");

    assertThat(refused(store.release(former.holder(), soon())).map(Grant::fence))
        .contains(successor.fence());
    assertHeldBy(store, successor.fence());
    done(store.extend(successor.fence(), longTerm(), soon()));
  }

  @Test
  @Proves("LEASE-26")
  void aLateExtensionDoesNotExtendTheSuccessor() throws Exception {
    LeaseName name = freshName();
    LeaseStore store = store();
    Grant former = granted(store, contender(name, "same"), longTerm());
    release(store, former);
    Grant successor = granted(store, contender(name, "same"), term());

    Fence mixed = new Fence(successor.fence().holder(), former.fence().token());
    refused(store.extend(former.fence(), longTerm(), soon()));
    refused(store.extend(mixed, longTerm(), soon()));

    Grant next = grantedAtLast(store, name, "next");
    assertThat(value(next)).isGreaterThan(value(successor));
  }
}
