package dev.ashlar.leases.world;

import dev.ashlar.core.testkit.world.Environment;
import dev.ashlar.leases.elect.ElectorOptions;
import dev.ashlar.leases.elect.EndCause;
import dev.ashlar.leases.elect.SimElector;
import dev.ashlar.leases.elect.SimElector.Call;
import dev.ashlar.leases.elect.SimElector.Todo;
import dev.ashlar.leases.elect.Term;
import dev.ashlar.leases.elect.TermListener;
import java.time.Duration;
import java.util.Optional;

/*
 * What it decides, and tells whom, is what every elector does. This is what stands in for its two threads,
 * which look at the same state: one asks for the lease, and waits for the answer; the other is in a call
 * of the listener, which takes its time, and now and then more than it is given.
 *
 *   stands: asks --- granted ---> leads: has a Tenure, works once the listener has heard
 *      ^                                  |
 *      +------- away: its pause <---------+ lost, or resigned and let go
 */

/** A node of an election: a worker who works while it leads. */
final class Candidate<V> extends Worker<V> {

  private static final Duration COOL_DOWN = Duration.ofSeconds(1);
  private static final Duration DRAIN_MAX = Duration.ofMillis(700);
  private static final Duration LEAST = Duration.ofMillis(1);

  /** The longest that a call of a listener takes. */
  static final int SLOW_MILLIS = 3000;

  private static final int QUICK_MILLIS = 30;
  private static final int RESIGNS_MILLIS = 10_000;

  private final Environment<Message<V>> env;
  private final ElectionWatch election;
  private final SimElector elector;
  private Optional<Call> call = Optional.empty();
  private Optional<Term> heard = Optional.empty();
  private boolean interruptible;
  private boolean standing;

  Candidate(Environment<Message<V>> env, Setting<V> setting, ElectionWatch election) {
    super(env, setting);
    this.env = env;
    this.election = election;
    ElectorOptions options =
        ElectorOptions.of(env.random())
            .withCoolDown(COOL_DOWN)
            .withDrainMax(DRAIN_MAX)
            .withRetryEvery(LeaseWorld.POLL);
    boolean waits = setting.has(Defence.WAITS_FOR_LISTENERS);
    this.elector = new SimElector(options, env.time(), new Listener(), waits);
    election.begins(env, setting.has(Defence.TERM_BY_CLOCK) ? elector::currentTerm : () -> heard);
  }

  private final class Listener implements TermListener {

    @Override
    public void elected(Term term) {
      election.elected(env, term);
      heard = Optional.of(term);
      Tenure<V> tenure = tenure();
      if (tenure != null && tenure.fence().equals(term.fence())) {
        tenure.work();
      }
    }

    @Override
    public void ended(Term term, EndCause cause) {
      election.ended(env, term);
      heard = Optional.empty();
      Tenure<V> tenure = tenure();
      if (tenure != null) {
        tenure.stopWork();
      }
    }
  }

  // What a worker leaves to its kind.

  @Override
  void idle() {
    standing = false;
  }

  @Override
  boolean takesUp(Belief belief) {
    return elector.granted(new SimLease(belief));
  }

  @Override
  boolean worksByItself() {
    return false;
  }

  // Steps.

  @Override
  public void onStart() throws Exception {
    resignLater();
    look();
  }

  @Override
  public void onTimer(String name) throws Exception {
    switch (name) {
      case "look" -> {}
      case "told" -> told();
      case "resign" -> resign();
      default -> super.onTimer(name);
    }
    look();
  }

  @Override
  public void onMessage(String from, Message<V> message) throws Exception {
    super.onMessage(from, message);
    look();
  }

  /** Each of the two threads looks, and none waits for the other. */
  private void look() throws Exception {
    boolean tellsFirst = env.random().nextBoolean();
    if (tellsFirst) {
      tell();
    }
    boolean again = !standing;
    while (again) {
      again = take(elector.next());
    }
    if (!tellsFirst) {
      tell();
    }
  }

  /** Returns whether to ask at once what to do then. */
  private boolean take(Todo todo) {
    switch (todo.kind()) {
      case STAND -> {
        standing = true;
        ask();
      }
      case WAIT -> {
        boolean soon = todo.within().compareTo(LEAST) < 0;
        env.setTimer("look", soon ? LEAST : todo.within());
      }
      case GIVE_BACK, LEAVE -> letGo(todo);
      case OVERDUE -> election.overdue();
    }
    return todo.kind() != Todo.Kind.STAND && todo.kind() != Todo.Kind.WAIT;
  }

  private void letGo(Todo todo) {
    Term term = todo.term().orElseThrow();
    boolean told = todo.kind() == Todo.Kind.GIVE_BACK;
    elector.letsGo(term);
    if (told) {
      election.givesBack(env, term);
    } else {
      election.leaves();
    }
    Tenure<V> tenure = tenure();
    if (tenure != null) {
      tenure.letGo(told);
    }
  }

  private void resignLater() {
    env.setTimer("resign", Duration.ofMillis(1000 + env.random().nextInt(RESIGNS_MILLIS)));
  }

  private void resign() {
    elector.resign();
    if (standing) {
      withdraw();
    }
    resignLater();
  }

  // The listener's thread.

  private void tell() throws Exception {
    if (call.isPresent()) {
      interrupt(call.get());
      return;
    }
    call = elector.nextCall();
    if (call.isPresent()) {
      interruptible = env.random().nextInt(4) > 0;
      boolean slow = env.random().nextInt(6) == 0;
      int millis = 1 + env.random().nextInt(slow ? SLOW_MILLIS : QUICK_MILLIS);
      env.setTimer("told", Duration.ofMillis(millis));
      call.get().begin();
    }
  }

  /** A call that leads, or hangs, is to come back when the term is over; not every one does. */
  private void interrupt(Call underWay) {
    if (interruptible && underWay.isBeginning() && !elector.serves()) {
      interruptible = false;
      env.setTimer("told", LEAST);
    }
  }

  private void told() {
    if (call.isPresent() && !call.get().isBeginning()) {
      election.hasEnded(env);
    }
    call.ifPresent(Call::end);
    call = Optional.empty();
  }
}
