package stranger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.MemoryLeaseStore;
import dev.ashlar.leases.jdbc.JdbcLeaseStore;
import dev.ashlar.leases.keep.Acquisition;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import dev.ashlar.leases.zookeeper.ZooKeeperLeaseStore;
import dev.ashlar.resilience.Pipeline;
import dev.ashlar.resilience.PipelinePolicy;
import dev.ashlar.resilience.http.HttpCaller;
import dev.ashlar.tracing.JsonLines;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TillTest {

  private final TimeSource time = TimeSource.system();
  private final Deadline deadline = Deadline.after(Duration.ofSeconds(20), time);

  @Test
  void oneTillAtATimeIsCounted() throws InterruptedException {
    LeaseOptions options = LeaseOptions.of("till-1", new Random(1));
    try (Leases leases =
            Leases.of(
                MemoryLeaseStore.of(time), options, IdSource.system(), time, Observer.none());
        Lease lease =
            ((Acquisition.Granted) leases.acquire(new LeaseName("count"), deadline)).granted()) {
      assertTrue(lease.stillHeld());
    }
  }

  @Test
  void aCallEndsInTime() throws InterruptedException {
    Pipeline pipeline =
        Pipeline.of(
            PipelinePolicy.of("stock", Duration.ofSeconds(10), Duration.ofSeconds(5)),
            time,
            new Random(1),
            Observer.none());
    CallContext context = CallContext.root(IdSource.system(), deadline, "till");

    assertEquals("42", pipeline.call(context, attempt -> "42"));
  }

  @Test
  void aLineOfALogIsJson() {
    String line =
        JsonLines.of("till", IdSource.system())
            .line(Instant.EPOCH, "INFO")
            .with("message", "counted")
            .text();

    assertTrue(line.startsWith("{") && line.endsWith("}"));
  }

  @Test
  void theOthersAreOnTheClassPath() {
    List<Class<? extends LeaseStore>> stores =
        List.of(JdbcLeaseStore.class, ZooKeeperLeaseStore.class);
    HttpCaller stock =
        HttpCaller.of(
            HttpClient.newHttpClient(), URI.create("http://127.0.0.1:1"), Observer.none());

    assertEquals(2, stores.size());
    assertTrue(stock.toString().length() > 0);
  }
}
