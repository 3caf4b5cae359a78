package dev.ashlar.leases.world;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Effect;
import dev.ashlar.core.testkit.world.Actor;
import dev.ashlar.core.testkit.world.Environment;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.SimKeeper;
import dev.ashlar.leases.keep.SimKeeper.Pauses;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/*
 *   rests --> asks, until it is granted or its nonce is spent --> has a Tenure --> rests
 *
 * It asks as Leases does: after silence again with the same nonce, since the grant may be there; and as
 * somebody else once its nonce is spent.
 */

/** A worker: asks for the lease, and works under it. */
class Worker<V> implements Actor<Message<V>> {

  private final Environment<Message<V>> env;
  private final Setting<V> setting;
  private final LeaseOptions options;
  private final Duration silenceMax;
  private final Belief.Mind mind;

  private Contender contender;
  private boolean unclear;
  private long asked = -1;
  private Belief.Mind.Moment sent;
  private @Nullable Tenure<V> tenure;

  Worker(Environment<Message<V>> env, Setting<V> setting) {
    this.env = env;
    this.setting = setting;
    this.options = setting.options(env);
    this.silenceMax = SimKeeper.requestMax(options);
    this.mind =
        new Belief.Mind(setting.form(), options, env.time(), new Pauses(options, env.time()));
    this.sent = mind.now();
    this.contender = fresh();
    setting.watch().begins(env);
  }

  private Contender fresh() {
    return new Contender(LeaseWorld.NAME, options.owner(), env.name() + nextId());
  }

  /** Like no other of this place, in this life or another. */
  long nextId() {
    return env.kept("ids", AtomicLong::new).incrementAndGet();
  }

  Environment<Message<V>> env() {
    return env;
  }

  Setting<V> setting() {
    return setting;
  }

  @Nullable Tenure<V> tenure() {
    return tenure;
  }

  @Override
  public void onStart() throws Exception {
    rest();
  }

  /** Has no lease; whoever asks for one then is somebody new. */
  final void rest() {
    tenure = null;
    asked = -1;
    unclear = false;
    contender = fresh();
    for (String timer : Tenure.TIMERS) {
      env.cancelTimer(timer);
    }
    idle();
  }

  /** What is done without a lease: one is asked for some time later. */
  void idle() {
    env.setTimer("ask", Duration.ofMillis(10 + env.random().nextInt(500)));
  }

  /** Returns whether a lease is taken up that has just been granted. */
  boolean takesUp(Belief belief) {
    return true;
  }

  /** Returns whether the work begins, and ends, by itself. */
  boolean worksByItself() {
    return true;
  }

  /** Takes back what it may be given. */
  final void withdraw() {
    env.cancelTimer("ask");
    release(contender);
    rest();
  }

  @Override
  public void onTimer(String name) throws Exception {
    if (name.equals("ask")) {
      ask();
    } else if (name.equals("silence")) {
      silence();
    } else if (tenure != null) {
      tenure.onTimer(name);
    }
  }

  final void ask() {
    asked = nextId();
    sent = mind.now();
    env.send(LeaseWorld.STORE, new Message.Acquire<>(asked, contender));
    env.setTimer("silence", silenceMax);
  }

  private void silence() {
    asked = -1;
    unclear = true;
    if (!setting.has(Defence.RETRY_WITH_NONCE)) {
      contender = fresh();
    }
    askLater();
  }

  private void askLater() {
    long nanos = LeaseWorld.POLL.toNanos();
    env.setTimer("ask", Duration.ofNanos((long) (nanos * (0.5 + env.random().nextDouble()))));
  }

  @Override
  public void onMessage(String from, Message<V> message) throws Exception {
    if (message instanceof Message.Tell<V> tell) {
      setting.watch().knows(tell.rejection());
      env.send(from, new Message.Heard<>(tell.rejection()));
    } else if (message instanceof Message.Rejected<V> rejected) {
      setting.watch().knows(rejected.rejection());
      env.send(from, new Message.Heard<>(rejected.rejection()));
    }
    if (message instanceof Message.Said<V> said && said.id() == asked) {
      asked = -1;
      env.cancelTimer("silence");
      answered(said.answer());
    } else if (tenure != null) {
      tenure.onMessage(message);
    }
  }

  private void answered(Answer<Grant> answer) {
    if (answer instanceof Answer.Done<Grant> done) {
      begin(done.value());
    } else if (answer instanceof Answer.Refused<Grant> refused) {
      refused(refused.current());
    } else {
      silence();
    }
  }

  private void refused(Optional<Grant> current) {
    boolean mine =
        current.filter(held -> held.fence().holder().owner().equals(options.owner())).isPresent();
    if (mine && unclear && !setting.has(Defence.RETRY_WITH_NONCE)) {
      begin(current.get());
      return;
    }
    if (current.isEmpty()) {
      unclear = false;
      contender = fresh();
    }
    askLater();
  }

  /** An answer that took longer than the term is worth is as good as none. */
  private void begin(Grant grant) {
    Belief belief = new Belief(mind, grant, sent);
    if (belief.state().isHeld() && takesUp(belief)) {
      tenure = new Tenure<>(this, belief);
      tenure.begin();
    } else {
      release(grant.fence().holder());
      rest();
    }
  }

  void release(Contender holder) {
    env.send(LeaseWorld.STORE, new Message.Release<>(holder));
  }

  static Answer<Grant> noAnswer() {
    return new Answer.Unknown<>(
        new BackendException("lease: no answer", Effect.UNKNOWN, new Advice.Transient(), null));
  }
}
