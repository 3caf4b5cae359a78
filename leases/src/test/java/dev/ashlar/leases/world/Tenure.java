package dev.ashlar.leases.world;

import dev.ashlar.core.testkit.world.Environment;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LossCause;
import dev.ashlar.leases.guard.FenceRejection;
import dev.ashlar.leases.keep.SimKeeper.Todo;
import dev.ashlar.leases.world.Workload.Change;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * Two things go on beside each other: renewals, when the keeper says so; and the work, which claims every
 * resource, then writes, one write after the other, each of them again and again until it is answered.
 *
 *   claims -> writes -> ... -> writes -> released
 *      |        |
 *      |        +-- rejected: lost, FENCED_BY_RESOURCE
 *      +-- rejected: asks the store; lost, BACKEND_RESET if it confirms, FENCED_BY_RESOURCE if not
 *
 * Before each request to the resource the state is read; what happens between that and the request's
 * arrival is what the fence is for.
 */

/** One tenure of a worker: from grant to release or loss. */
final class Tenure<V> {

  /** What {@link Worker#rest} stops. */
  static final List<String> TIMERS = List.of("silence", "keep", "renewal", "work", "again", "tick");

  private static final Duration AGAIN = Duration.ofMillis(300);
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final int WRITES_MAX = 40;
  private static final int NEVER = -1;

  private final Worker<V> worker;
  private final Setting<V> setting;
  private final Environment<Message<V>> env;
  private final Belief belief;
  private final Fence fence;
  private final Workload.Job<V> job;
  private final Map<String, V> contents = new HashMap<>();
  private final int writes;
  private final int hangsAfter;

  private long renewal = -1;
  private long renewalSentNanos;
  private boolean confirming;

  private long requested = -1;
  private @Nullable Message<V> request;
  private Consumer<V> accepted = content -> {};
  private int written;
  private boolean isOver;

  Tenure(Worker<V> worker, Belief belief) {
    this.worker = worker;
    this.setting = worker.setting();
    this.env = worker.env();
    this.belief = belief;
    this.fence = belief.fence();
    this.job = setting.workload().job(env.name(), fence.token().value());
    this.writes = 1 + env.random().nextInt(WRITES_MAX);
    boolean hangs =
        setting.has(Setting.Trouble.WORK_HANGS)
            && !env.name().equals("c")
            && env.random().nextInt(3) == 0;
    this.hangsAfter = hangs ? env.random().nextInt(writes) : NEVER;
  }

  void begin() {
    setting.watch().believes(env, belief);
    if (setting.has(Defence.PAUSE_WATCH)) {
      tick();
    }
    keep();
    if (!isOver && worker.worksByItself()) {
      work();
    }
  }

  /** Begins the work. */
  void work() {
    if (belief.state().isHeld()) {
      claimOrWrite();
    }
  }

  /** Begins nothing further; the lease is kept. */
  void stopWork() {
    env.cancelTimer("work");
    answered();
  }

  Fence fence() {
    return fence;
  }

  void onTimer(String name) {
    switch (name) {
      case "keep" -> keep();
      case "renewal" -> renewed(Worker.noAnswer());
      case "work" -> claimOrWrite();
      case "tick" -> tick();
      default -> send();
    }
    keepAfterAPause();
  }

  private void tick() {
    env.setTimer("tick", belief.tick());
  }

  /** As whoever looks first after a pause has the renewals look too. */
  private void keepAfterAPause() {
    if (!isOver && belief.hasStood() && renewal == -1) {
      keep();
    }
  }

  void onMessage(Message<V> message) {
    if (message instanceof Message.Said<V> said && said.id() == renewal) {
      renewed(said.answer());
    } else if (message instanceof Message.Accepted<V> done && done.id() == requested) {
      answered();
      belief.progressed();
      accepted.accept(done.content());
      env.setTimer("work", Duration.ofMillis(1 + env.random().nextInt(100)));
    } else if (message instanceof Message.Rejected<V> rejected && rejected.id() == requested) {
      answered();
      rejected(rejected.rejection());
    }
    keepAfterAPause();
  }

  // Renewals.

  private void keep() {
    Todo todo = belief.next();
    switch (todo.kind()) {
      case WAIT -> env.setTimer("keep", Duration.ofNanos(belief.until(todo.nanos())));
      case RENEW -> renew(Duration.ofNanos(todo.nanos()));
      case STOP -> over();
    }
  }

  private void renew(Duration silenceMax) {
    renewal = worker.nextId();
    renewalSentNanos = env.time().nanos();
    env.cancelTimer("keep");
    env.send(LeaseWorld.STORE, new Message.Extend<>(renewal, fence));
    env.setTimer("renewal", silenceMax);
  }

  private void renewed(Answer<Grant> answer) {
    renewal = -1;
    env.cancelTimer("renewal");
    belief.answered(answer, renewalSentNanos);
    if (confirming && belief.state().isHeld()) {
      boolean confirmed = answer instanceof Answer.Done<Grant>;
      lose(confirmed ? LossCause.BACKEND_RESET : LossCause.FENCED_BY_RESOURCE);
    } else {
      keep();
    }
  }

  // Work.

  private void claimOrWrite() {
    for (String resource : setting.workload().resources()) {
      if (!contents.containsKey(resource)) {
        Consumer<V> read = job.claiming(resource);
        requested = worker.nextId();
        ask(
            new Message.Claim<>(requested, resource, fence),
            content -> {
              read.accept(content);
              contents.put(resource, content);
            });
        return;
      }
    }
    if (written == writes && worker.worksByItself()) {
      letGo(true);
    } else if (written == hangsAfter) {
      setting.watch().hangs(fence);
    } else if (!belief.state().isHeld()) {
      over();
    } else if (isToAsk()) {
      env.setTimer("work", LOOK);
    } else {
      write(job.next(Map.copyOf(contents)));
    }
  }

  /** Who has no guard writes while the lease is confirmed, and not while it is in doubt. */
  private boolean isToAsk() {
    return setting.has(Setting.Trouble.NO_GUARD) && belief.state() != LeaseState.HELD;
  }

  private void write(Change<V> change) {
    requested = worker.nextId();
    written++;
    ask(
        new Message.Write<>(requested, change.resource(), fence, written, change.content()),
        content -> {
          contents.put(change.resource(), change.content());
          change.acknowledged().run();
        });
  }

  private void ask(Message<V> message, Consumer<V> whenAccepted) {
    request = message;
    accepted = whenAccepted;
    send();
  }

  private void send() {
    if (!belief.state().isHeld()) {
      over();
    } else if (isToAsk()) {
      env.setTimer("again", LOOK);
    } else if (request != null) {
      setting.watch().acts(env.name(), fence);
      env.send(LeaseWorld.RESOURCE, request);
      env.setTimer("again", AGAIN);
    }
  }

  private void answered() {
    requested = -1;
    request = null;
    env.cancelTimer("again");
  }

  /** A number above says that this one is late, unless the store still confirms this one. */
  private void rejected(FenceRejection rejection) {
    boolean twice =
        rejection.floor().filter(floor -> floor.token().equals(fence.token())).isPresent();
    if (twice) {
      lose(LossCause.BACKEND_RESET);
    } else if (contents.size() < setting.workload().resources().size()) {
      // An answer that is under way already may be older than the number above.
      confirming = true;
      renew(Duration.ofMillis(500));
    } else {
      lose(LossCause.FENCED_BY_RESOURCE);
    }
  }

  private void lose(LossCause cause) {
    if (cause == LossCause.BACKEND_RESET) {
      setting.watch().regressed();
    }
    belief.lose(cause);
    over();
  }

  private void over() {
    end(belief.isGivenBackWhenLost());
  }

  /**
   * Gives the lease up.
   *
   * @param told whether the store is told, or the lease left to its term
   */
  void letGo(boolean told) {
    if (belief.state().isHeld()) {
      belief.release();
      end(told);
    } else {
      over();
    }
  }

  private void end(boolean told) {
    isOver = true;
    setting.watch().forgets(env);
    if (told) {
      worker.release(fence.holder());
    }
    worker.rest();
  }
}
