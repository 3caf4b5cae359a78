package dev.ashlar.leases.world;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.testkit.world.Actor;
import dev.ashlar.core.testkit.world.Environment;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.guard.FenceRejection;
import dev.ashlar.leases.guard.MemoryFloor;
import dev.ashlar.leases.guard.Standing;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/*
 * A service that is sent fences with its requests, so it uses the floor itself. A write is
 *
 *   checked against the floor  -  applied unless it was before, by its number under the fence  -  answered
 *
 * in one step, which is its transaction. The number under the fence is what makes a write safe to
 * repeat: the network may bring it twice, and late.
 */

/** The place of the resources: the real floor, and what is guarded by it, on one disk. */
final class ResourcePlace<V> implements Actor<Message<V>> {

  private static final Duration TELL_EVERY = Duration.ofSeconds(1);

  private final Environment<Message<V>> env;
  private final Setting<V> setting;
  private final Shelf<V> shelf;
  private final MemoryFloor floor;

  ResourcePlace(Environment<Message<V>> env, Setting<V> setting, Shelf<V> shelf) {
    this.env = env;
    this.setting = setting;
    this.shelf = env.kept("shelf", () -> shelf);
    this.floor =
        setting.has(Defence.DURABLE_FLOOR)
            ? env.kept("floor", () -> MemoryFloor.of(env.time()))
            : MemoryFloor.of(env.time());
  }

  /** What is on the disk besides the floor. */
  static final class Shelf<V> {
    private final Map<String, V> contents = new HashMap<>();
    private final Map<String, Integer> written = new HashMap<>();
    private final Map<FenceRejection, String> untold = new LinkedHashMap<>();

    Shelf(Workload<V> workload) {
      workload.resources().forEach(resource -> contents.put(resource, workload.empty()));
    }

    Map<String, V> contents() {
      return Map.copyOf(contents);
    }

    private V content(String resource) {
      V content = contents.get(resource);
      if (content == null) {
        throw new IllegalArgumentException("resource: " + resource);
      }
      return content;
    }
  }

  @Override
  public void onStart() {
    env.setTimer("tell", TELL_EVERY);
  }

  @Override
  public void onTimer(String name) {
    shelf.untold.forEach((rejection, to) -> env.send(to, new Message.Tell<>(rejection)));
    env.setTimer("tell", TELL_EVERY);
  }

  @Override
  public void onMessage(String from, Message<V> message) throws InterruptedException {
    if (message instanceof Message.Claim<V> claim) {
      claim(from, claim);
    } else if (message instanceof Message.Write<V> write) {
      write(from, write);
    } else if (message instanceof Message.Heard<V> heard) {
      shelf.untold.remove(heard.rejection());
    }
  }

  private void claim(String from, Message.Claim<V> claim) throws InterruptedException {
    Standing standing =
        isGuarded() && setting.has(Defence.CLAIM)
            ? raise(from, claim.resource(), claim.fence())
            : new Standing.Level();
    if (standing instanceof Standing.Level) {
      env.send(from, new Message.Accepted<>(claim.id(), shelf.content(claim.resource())));
    } else {
      reject(from, claim.id(), claim.resource(), claim.fence(), standing);
    }
  }

  private boolean isGuarded() {
    return setting.has(Defence.FENCE) && !setting.has(Setting.Trouble.NO_GUARD);
  }

  private Standing raise(String from, String resource, Fence fence) throws InterruptedException {
    Deadline deadline = Deadline.after(Duration.ofSeconds(1), env.time());
    Standing standing = floor.raise(resource, fence, deadline);
    if (standing instanceof Standing.Level) {
      setting.watch().claimed(resource, from, fence);
    }
    return standing;
  }

  private void write(String from, Message.Write<V> write) throws InterruptedException {
    try (MemoryFloor.Transaction tx = floor.begin()) {
      Standing standing = standing(from, write, tx);
      if (standing instanceof Standing.Level) {
        apply(from, write);
        env.send(from, new Message.Accepted<>(write.id(), write.content()));
      } else {
        reject(from, write.id(), write.resource(), write.fence(), standing);
      }
    }
  }

  private Standing standing(String from, Message.Write<V> write, MemoryFloor.Transaction tx)
      throws InterruptedException {
    if (!isGuarded()) {
      return new Standing.Level();
    }
    if (!setting.has(Defence.CLAIM)) {
      return raise(from, write.resource(), write.fence());
    }
    Standing standing = floor.check(tx, write.resource(), write.fence());
    boolean forgotten = standing instanceof Standing.Differs differs && differs.floor().isEmpty();
    return forgotten && !setting.has(Defence.DURABLE_FLOOR) ? new Standing.Level() : standing;
  }

  private void apply(String from, Message.Write<V> write) {
    String sequence = write.resource() + " " + write.fence().token().value();
    if (write.n() > shelf.written.getOrDefault(sequence, 0)) {
      shelf.written.put(sequence, write.n());
      shelf.contents.put(write.resource(), write.content());
      setting.watch().wrote(write.resource(), from, write.fence());
      setting.workload().applied(write.resource(), write.fence().token().value(), write.content());
    }
  }

  private void reject(String from, long id, String resource, Fence fence, Standing standing) {
    Optional<Fence> above =
        standing instanceof Standing.Differs differs ? differs.floor() : Optional.empty();
    FenceRejection rejection = new FenceRejection(resource, fence, above);
    if (setting.watch().rejected(from, rejection) && setting.has(Defence.TELLS_UNTIL_HEARD)) {
      shelf.untold.put(rejection, from);
    }
    env.send(from, new Message.Rejected<>(id, rejection));
  }
}
