package dev.ashlar.leases.http;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Fenced;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.guard.Standing;
import dev.ashlar.leases.testkit.GuardedAccess;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** The numbers of a service, as one of its callers comes to them. */
record RemoteNumbers(
    HttpClient client, Service service, Guard<FencedCall<?>> guard, HttpFloor floor, Gates gates)
    implements GuardedAccess<Claim<FencedCall<?>>> {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final AtomicInteger GATES = new AtomicInteger();

  private static Deadline soon() {
    return Deadline.after(PATIENCE, TimeSource.system());
  }

  @Override
  public Fenced<Claim<FencedCall<?>>> claim(String resource, Lease lease, Deadline deadline)
      throws InterruptedException {
    return guard.claim(resource, lease, deadline);
  }

  @Override
  public Fenced<Long> write(Claim<FencedCall<?>> claim, long value) {
    return write(claim, value, "none");
  }

  private Fenced<Long> write(Claim<FencedCall<?>> claim, long value, String gate) {
    HttpRequest request = put(claim.resource(), value).header(Service.GATE, gate).build();
    FencedCall<String> call = FencedCall.of(request, BodyHandlers.ofString(), soon());
    return claim.write(call, () -> Long.parseLong(call.reply().body().orElseThrow()));
  }

  private HttpRequest.Builder put(String resource, long value) {
    return HttpRequest.newBuilder(service.address("/numbers/" + resource))
        .PUT(HttpRequest.BodyPublishers.ofString(Long.toString(value)));
  }

  @Override
  public Fenced<Long> increment(Claim<FencedCall<?>> claim, Duration pause) throws Exception {
    long value = read(claim.resource()) + 1;
    TimeSource.system().sleep(pause);
    return write(claim, value);
  }

  @Override
  public WriteUnderWay begin(Claim<FencedCall<?>> claim, long value) throws Exception {
    return stopped(claim, value, "before ");
  }

  @Override
  public WriteUnderWay beginAndCheck(Claim<FencedCall<?>> claim, long value) throws Exception {
    return stopped(claim, value, "after ");
  }

  private WriteUnderWay stopped(Claim<FencedCall<?>> claim, long value, String where)
      throws Exception {
    String name = "gate-" + GATES.incrementAndGet();
    Gates.Gate gate = gates.close(where + name);
    Background<Fenced<Long>> writing = Background.start("writer", () -> write(claim, value, name));
    gate.awaitReached(PATIENCE);
    return new WriteUnderWay() {
      @Override
      public Fenced<Long> finish() throws Exception {
        gate.open();
        Eventually.holds("the answer", PATIENCE, writing::isDone);
        return writing.result();
      }

      @Override
      public void crash() {
        gate.crash();
      }
    };
  }

  @Override
  public Standing show(String resource, Fence fence) {
    HttpRequest request = put(resource, 0).header(Service.LOOK_ONLY, "yes").build();
    return floor.check(FencedCall.of(request, BodyHandlers.ofString(), soon()), resource, fence);
  }

  @Override
  public Standing raise(String resource, Fence fence, Deadline deadline)
      throws InterruptedException {
    return floor.raise(resource, fence, deadline);
  }

  @Override
  public long read(String resource) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(service.address("/numbers/" + resource)).build();
    return Optional.of(client.send(request, BodyHandlers.ofString()).body())
        .map(Long::parseLong)
        .orElseThrow();
  }
}
