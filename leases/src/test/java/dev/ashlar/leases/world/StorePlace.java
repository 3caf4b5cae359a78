package dev.ashlar.leases.world;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.world.Actor;
import dev.ashlar.core.testkit.world.Environment;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.MemoryLeaseStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The place of the store: the real one, in memory that is the place's disk. */
final class StorePlace<V> implements Actor<Message<V>> {

  private static final Duration NEVER = Duration.ofDays(1000);

  private final Environment<Message<V>> env;
  private final Setting<V> setting;
  private final TimeSource time;
  private final Duration asked;
  private final LeaseStore store;
  private final Told told;

  /**
   * Makes the process.
   *
   * @param time what grants are measured by
   * @param asked for how long holders ask
   */
  StorePlace(Environment<Message<V>> env, Setting<V> setting, TimeSource time, Duration asked) {
    this.env = env;
    this.setting = setting;
    this.time = time;
    this.asked = asked;
    this.store = env.kept("store", () -> MemoryLeaseStore.of(time));
    this.told = env.kept("told", Told::new);
  }

  /** What a store without {@link Defence#NEW_NUMBER} has said instead of its own numbers. */
  private static final class Told {
    private final Map<Contender, Fence> own = new HashMap<>();
    private Optional<Fence> last = Optional.empty();
  }

  @Override
  public void onStart() {
    expireLater();
  }

  private void expireLater() {
    if (setting.has(Setting.Trouble.SESSIONS_EXPIRE)) {
      env.setTimer("expire", Duration.ofMillis(1000 + env.random().nextInt(20_000)));
    }
  }

  @Override
  public void onTimer(String name) throws InterruptedException {
    expireLater();
    Optional<Grant> current = current();
    if (current.isPresent()) {
      Answer<Contender> unused = store.release(current.get().fence().holder(), deadline());
    }
  }

  @Override
  public void onMessage(String from, Message<V> message) throws InterruptedException {
    if (message instanceof Message.Acquire<V> acquire) {
      Answer<Grant> answer = store.grant(acquire.contender(), term(), deadline());
      env.send(from, new Message.Said<>(acquire.id(), granted(from, answer)));
    } else if (message instanceof Message.Extend<V> extend) {
      Fence fence = told.own.getOrDefault(extend.fence().holder(), extend.fence());
      Answer<Grant> answer = store.extend(fence, term(), deadline());
      env.send(from, new Message.Said<>(extend.id(), granted(from, answer)));
    } else if (message instanceof Message.Release<V> release) {
      release(release.contender());
    }
  }

  private void release(Contender contender) throws InterruptedException {
    Contender ended =
        setting.has(Defence.RELEASE_BY_NONCE)
            ? contender
            : current().map(held -> held.fence().holder()).orElse(contender);
    Answer<Contender> unused = store.release(ended, deadline());
  }

  private Answer<Grant> granted(String from, Answer<Grant> answer) {
    if (!(answer instanceof Answer.Done<Grant> done)) {
      return answer;
    }
    Fence fence =
        setting.has(Defence.NEW_NUMBER) ? done.value().fence() : reused(done.value().fence());
    setting.watch().granted(from, fence);
    return new Answer.Done<>(new Grant(fence, asked));
  }

  /** The number that the owner had the last time, if nobody else had one since. */
  private Fence reused(Fence own) {
    if (told.last.filter(last -> last.holder().equals(own.holder())).isPresent()) {
      return told.last.get();
    }
    boolean again =
        told.last.filter(last -> last.holder().owner().equals(own.holder().owner())).isPresent();
    Fence fence = again ? new Fence(own.holder(), told.last.get().token()) : own;
    told.own.put(own.holder(), own);
    told.last = Optional.of(fence);
    return fence;
  }

  private Optional<Grant> current() throws InterruptedException {
    return store.inspect(LeaseWorld.NAME, deadline()) instanceof Answer.Done<Optional<Grant>> done
        ? done.value()
        : Optional.empty();
  }

  private Duration term() {
    return setting.has(Defence.TERM_ENDS) ? asked : NEVER;
  }

  private Deadline deadline() {
    return Deadline.after(Duration.ofSeconds(1), time);
  }
}
