package dev.ashlar.core.testkit.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.history.CallHistory;
import dev.ashlar.core.testkit.history.Counter;
import dev.ashlar.core.testkit.history.Linearizability;
import dev.ashlar.core.testkit.history.MonotonicNumbers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/*
 * Three workers count up one number in a store. A lock server gives the right to do so, for two seconds
 * at a time, with a token. Each worker reads, adds one, looks at its clock, and writes.
 *
 * In the trusting form the store believes whoever writes. In the fenced form a worker claims with its
 * token instead of reading, and the store takes writes of the last claim only, one after the other.
 */

/** A counter behind a lock, as a scenario. */
final class LockedCounter implements Scenario<LockedCounter.Message> {

  static final Duration LASTING = Duration.ofSeconds(10);
  private static final Duration CALM_FROM = Duration.ofMillis(7500);
  private static final Duration TERM = Duration.ofSeconds(2);
  private static final Duration BELIEVED = Duration.ofMillis(1900);
  private static final Duration PATIENCE = Duration.ofMillis(200);
  private static final String[] WORKERS = {"a", "b", "c"};
  private static final int OPERATIONS_MAX = 10_000;

  private final boolean fenced;

  private LockedCounter(boolean fenced) {
    this.fenced = fenced;
  }

  /** Returns the form that believes whoever writes. */
  static LockedCounter trusting() {
    return new LockedCounter(false);
  }

  /** Returns the form that looks at tokens. */
  static LockedCounter fenced() {
    return new LockedCounter(true);
  }

  sealed interface Message {
    record Acquire(String nonce) implements Message {}

    record Granted(String nonce, long token) implements Message {}

    record Release(String nonce) implements Message {}

    record Read(String nonce, long token) implements Message {}

    record Value(String nonce, long value, long version) implements Message {}

    record Write(String nonce, long token, long value, long version) implements Message {}

    record Written(String nonce) implements Message {}

    record Refused(String nonce) implements Message {}
  }

  // [readme:furnish]
  @Override
  public Check furnish(World<Message> world) {
    CallHistory<Counter.Input, Long> history = CallHistory.of(world.time(), OPERATIONS_MAX);
    MonotonicNumbers tokens = MonotonicNumbers.increasing("token of a grant");
    MonotonicNumbers writes = MonotonicNumbers.neverFalling("token of an accepted write");
    Cell cell = new Cell();
    world.place("lock", env -> new Lock(env, tokens));
    world.place("store", env -> new Store(env, fenced, env.kept("cell", () -> cell), writes));
    for (String worker : WORKERS) {
      world.place(worker, env -> new Worker(env, history));
    }
    long[] whenCalm = {0};
    world.time().after(CALM_FROM, () -> whenCalm[0] = cell.value);
    return () -> {
      tokens.orThrow();
      if (fenced) {
        writes.orThrow();
      }
      history.invoke("the end", "counter", new Counter.Read()).ok(cell.value);
      Linearizability.of(Counter.startingAt(0)).check(history.operations()).orThrow();
      assertThat(cell.value).as("when the faults are over").isGreaterThan(whenCalm[0]);
    };
  }

  // [/readme]

  /** What the lock server has on its disk. */
  private static final class Grant {
    private String nonce = "";
    private long token;
    private long endNanos;
    private boolean ended = true;
  }

  private static final class Lock implements Actor<Message> {
    private final Environment<Message> env;
    private final MonotonicNumbers tokens;
    private final Grant grant;

    Lock(Environment<Message> env, MonotonicNumbers tokens) {
      this.env = env;
      this.tokens = tokens;
      this.grant = env.kept("grant", Grant::new);
    }

    @Override
    public void onMessage(String from, Message message) {
      if (message instanceof Message.Acquire acquire) {
        acquire(from, acquire.nonce());
      } else if (message instanceof Message.Release release
          && release.nonce().equals(grant.nonce)) {
        grant.ended = true;
      }
    }

    private void acquire(String from, String nonce) {
      boolean lasts = !grant.ended && grant.endNanos - env.time().nanos() > 0;
      if (!lasts && !grant.nonce.equals(nonce)) {
        grant.nonce = nonce;
        grant.token++;
        grant.ended = false;
        grant.endNanos = env.time().nanos() + TERM.toNanos();
        tokens.add("lock", from, grant.token);
        env.send(from, new Message.Granted(nonce, grant.token));
      } else if (lasts && grant.nonce.equals(nonce)) {
        env.send(from, new Message.Granted(nonce, grant.token));
      }
    }
  }

  /** What the store has on its disk. */
  private static final class Cell {
    private long value;
    private long version;
    private long floor;
    private String lastWrite = "";
  }

  private record Store(Environment<Message> env, boolean fenced, Cell cell, MonotonicNumbers writes)
      implements Actor<Message> {

    @Override
    public void onMessage(String from, Message message) {
      if (message instanceof Message.Read read) {
        cell.floor = Math.max(cell.floor, read.token());
        env.send(
            from,
            fenced && read.token() < cell.floor
                ? new Message.Refused(read.nonce())
                : new Message.Value(read.nonce(), cell.value, cell.version));
      } else if (message instanceof Message.Write write) {
        env.send(
            from,
            accepts(from, write)
                ? new Message.Written(write.nonce())
                : new Message.Refused(write.nonce()));
      }
    }

    private boolean accepts(String from, Message.Write write) {
      if (fenced && write.nonce().equals(cell.lastWrite)) {
        return true;
      }
      if (fenced && (write.token() != cell.floor || write.version() != cell.version)) {
        return false;
      }
      writes.add("counter", from, write.token());
      cell.value = write.value();
      cell.version++;
      cell.lastWrite = write.nonce();
      return true;
    }
  }

  private static final class Worker implements Actor<Message> {
    private final Environment<Message> env;
    private final CallHistory<Counter.Input, Long> history;
    private final RandomGenerator random;

    private String nonce = "";
    private String holder = "";
    private long token;
    private long sentNanos;
    private long written;
    private boolean writing;
    private CallHistory.@Nullable Call<Counter.Input, Long> call;

    Worker(Environment<Message> env, CallHistory<Counter.Input, Long> history) {
      this.env = env;
      this.history = history;
      this.random = env.random();
    }

    @Override
    public void onStart() {
      rest();
    }

    @Override
    public void onTimer(String name) {
      if (name.equals("rest")) {
        holder = fresh();
        sentNanos = env.time().nanos();
        ask("lock", new Message.Acquire(holder));
      } else {
        giveUp();
      }
    }

    @Override
    public void onMessage(String from, Message message) {
      if (message instanceof Message.Granted granted && granted.nonce().equals(nonce)) {
        token = granted.token();
        call = history.invoke(env.name(), "counter", new Counter.Add(1));
        ask("store", new Message.Read(fresh(), token));
      } else if (message instanceof Message.Value value && value.nonce().equals(nonce)) {
        write(value.value() + 1, value.version());
      } else if (message instanceof Message.Written done && done.nonce().equals(nonce)) {
        ended().ifPresent(ended -> ended.ok(written));
        release();
      } else if (message instanceof Message.Refused refused && refused.nonce().equals(nonce)) {
        giveUp();
      }
    }

    // [readme:write]
    private void write(long value, long version) {
      if (env.time().nanos() - sentNanos < BELIEVED.toNanos()) {
        written = value;
        ask("store", new Message.Write(fresh(), token, value, version));
        writing = true;
      } else {
        giveUp();
      }
    }

    // [/readme]

    /** What was to be written may still be; what was only read has changed nothing. */
    private void giveUp() {
      boolean unknown = writing;
      ended()
          .ifPresent(
              ended -> {
                if (!unknown) {
                  ended.failed();
                }
              });
      release();
    }

    private Optional<CallHistory.Call<Counter.Input, Long>> ended() {
      Optional<CallHistory.Call<Counter.Input, Long>> ended = Optional.ofNullable(call);
      call = null;
      return ended;
    }

    private void release() {
      env.send("lock", new Message.Release(holder));
      rest();
    }

    private void rest() {
      nonce = fresh();
      writing = false;
      env.cancelTimer("patience");
      env.setTimer("rest", Duration.ofMillis(1 + random.nextInt(100)));
    }

    private void ask(String place, Message message) {
      env.setTimer("patience", PATIENCE);
      env.send(place, message);
    }

    private String fresh() {
      nonce = env.name() + env.kept("requests", AtomicLong::new).incrementAndGet();
      return nonce;
    }
  }
}
