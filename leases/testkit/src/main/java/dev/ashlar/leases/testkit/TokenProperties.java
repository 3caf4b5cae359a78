package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.FencingToken;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Guarantees.TokenStrength;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LeaseStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The properties LEASE-1 to LEASE-9, about the numbers of grants. */
abstract class TokenProperties extends LeaseFixture {

  private static final int OWNERS = 4;
  private static final int ROUNDS_EACH = 10;
  private static final int ROUNDS = 10_000;

  @Test
  @Proves("LEASE-1")
  void tokensIncreaseInTheOrderOfGrantsOverAllOwners() throws Exception {
    LeaseName name = freshName();
    List<FencingToken> inOrder = Collections.synchronizedList(new ArrayList<>());
    List<Background<Boolean>> owners = new ArrayList<>();
    for (int i = 0; i < OWNERS; i++) {
      String owner = "owner-" + i;
      LeaseStore store = store();
      owners.add(Background.start(owner, () -> takeTurns(store, name, owner, inOrder)));
    }
    for (Background<Boolean> owner : owners) {
      assertThat(promptResultOf("the end of an owner", owner)).isTrue();
    }

    assertThat(inOrder).hasSize(OWNERS * ROUNDS_EACH);
    assertStrictlyIncreasing(inOrder);
  }

  /** Whoever holds the lease is alone, so the list is in the order of the grants. */
  private boolean takeTurns(
      LeaseStore store, LeaseName name, String owner, List<FencingToken> inOrder)
      throws InterruptedException {
    Deadline patience = Deadline.after(patience(), TimeSource.system());
    int rounds = 0;
    while (rounds < ROUNDS_EACH && !patience.hasExpired()) {
      Contender contender = contender(name, owner);
      if (store.grant(contender, longTerm(), soon()) instanceof Answer.Done<Grant> done) {
        inOrder.add(done.value().fence().token());
        rounds++;
      }
      store.release(contender, soon());
    }
    return rounds == ROUNDS_EACH;
  }

  static void assertStrictlyIncreasing(List<FencingToken> tokens) {
    for (int i = 1; i < tokens.size(); i++) {
      assertThat(tokens.get(i)).isGreaterThan(tokens.get(i - 1));
    }
  }

  @Test
  @Proves("LEASE-2")
  void grantsOneAfterTheOtherHaveTokensInThatOrder() throws Exception {
    LeaseName name = freshName();
    LeaseStore here = store();
    LeaseStore there = store();
    List<Grant> grants = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      LeaseStore store = i % 2 == 0 ? here : there;
      grants.add(granted(store, contender(name, i < 3 ? "first" : "second"), longTerm()));
      release(store, grants.get(i));
    }
    Fence gone = expired(here, name, "third");
    Grant last = granted(there, contender(name, "fourth"), longTerm());

    List<FencingToken> all = new ArrayList<>(tokens(grants));
    all.add(gone.token());
    all.add(last.fence().token());
    assertStrictlyIncreasing(all);
  }

  @Test
  @Proves("LEASE-3")
  void aTokenIsPositiveAndNeverRepeats() throws Exception {
    LeaseName name = freshName();
    LeaseStore store = store();
    List<FencingToken> all = new ArrayList<>();
    Grant released = granted(store, contender(name), longTerm());
    release(store, released);
    all.add(released.fence().token());
    all.add(expired(store, name, "somebody").token());
    LeaseStore restarted = store();
    Grant again = granted(restarted, contender(name), longTerm());
    release(restarted, again);
    all.add(again.fence().token());

    assertThat(all).doesNotHaveDuplicates().allMatch(token -> token.value() > 0);
  }

  @Test
  @Proves("LEASE-4")
  void anOwnerThatComesAgainGetsALargerToken() throws Exception {
    LeaseName name = freshName();
    LeaseStore store = store();
    Grant first = granted(store, contender(name, "same"), longTerm());
    release(store, first);
    Grant second = granted(store, contender(name, "same"), term());
    Grant third = grantedAtLast(store, name, "same");

    assertStrictlyIncreasing(tokens(List.of(first, second, third)));
  }

  @Test
  @Proves("LEASE-5")
  void renewalKeepsTheToken() throws Exception {
    LeaseStore store = store();
    Grant grant = granted(store, contender(freshName()), longTerm());
    for (int i = 0; i < 3; i++) {
      assertThat(done(store.extend(grant.fence(), longTerm(), soon())).fence())
          .isEqualTo(grant.fence());
    }
    Lease lease = held(store, freshName(), longTerm());
    FencingToken token = lease.token();

    assertThat(lease.confirm(soon())).isEqualTo(LeaseState.HELD);
    assertThat(lease.token()).isEqualTo(token);
  }

  @Test
  @Proves("LEASE-6")
  void aLostHolderDoesNotLearnItsSuccessorsToken() throws Exception {
    LeaseName name = freshName();
    FaultyStore line = faulty();
    Lease lost = held(line, name, term());
    FencingToken token = lost.token();
    line.set(FaultyStore.Mode.CUT);
    LeaseStore store = store();
    Grant successor = grantedAtLast(store, name, "successor");

    assertThat(lost.state()).isEqualTo(LeaseState.LOST);
    assertThat(lost.token()).isEqualTo(token).isNotEqualTo(successor.fence().token());
    assertThat(lost.fence().token()).isEqualTo(token);
  }

  @Test
  @Proves("LEASE-7")
  void cleaningUpDoesNotLowerTheNextToken() throws Exception {
    LeaseName name = freshName();
    LeaseStore store = store();
    List<FencingToken> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Grant grant = granted(store, contender(name), longTerm());
      all.add(grant.fence().token());
      release(store, grant);
      cleanUp(name);
    }
    all.add(expired(store, name, "somebody").token());
    cleanUp(name);
    all.add(granted(store, contender(name), longTerm()).fence().token());

    assertStrictlyIncreasing(all);
  }

  @Test
  @Proves("LEASE-8")
  void tokensSurviveARestartOfTheStoreIfItSaysSo() throws Exception {
    LeaseName name = freshName();
    LeaseStore before = store();
    Grant first = granted(before, contender(name), longTerm());
    release(before, first);
    Grant second = granted(before, contender(name), longTerm());
    release(before, second);

    restartStore();

    LeaseStore after = store();
    Grant next = granted(after, contender(name), longTerm());
    assertThat(after.guarantees().tokens() != TokenStrength.STRICT || value(next) > value(second))
        .as("declared %s, %s after %s", after.guarantees().tokens(), value(next), value(second))
        .isTrue();
  }

  @Test
  @Proves("LEASE-9")
  void tenThousandRoundsStayInOrder() throws Exception {
    LeaseName name = freshName();
    LeaseStore store = store();
    long last = 0;
    for (int i = 0; i < ROUNDS; i++) {
      Grant grant = granted(store, contender(name), longTerm());
      assertThat(value(grant)).isGreaterThan(last);
      last = value(grant);
      release(store, grant);
    }
  }
}
