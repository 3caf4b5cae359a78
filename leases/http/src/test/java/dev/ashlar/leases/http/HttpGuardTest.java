package dev.ashlar.leases.http;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Floor;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.guard.RejectionPublisher;
import dev.ashlar.leases.jdbc.JdbcFloor;
import dev.ashlar.leases.testkit.GuardContract;
import dev.ashlar.leases.testkit.GuardedAccess;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A service keeps the contract of guards for its callers, over real sockets and a database. */
@Subject("guard-http")
class HttpGuardTest extends GuardContract<Claim<FencedCall<?>>> {

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir Path folder;

  private final Gates gates = new Gates();
  private Numbers numbers;
  private Service service;

  @BeforeEach
  void start() throws SQLException {
    numbers = new Numbers(folder);
    service = started(numbers, gates);
  }

  @AfterEach
  void stop() throws SQLException {
    service.close();
    numbers.restart();
  }

  /** Overridden by twins only. */
  Service started(Numbers data, Gates stops) {
    return new Service(data, floor(data), rejection -> {}, stops);
  }

  Floor<Connection> floor(Numbers data) {
    return JdbcFloor.of(data.source());
  }

  @Override
  protected GuardedAccess<Claim<FencedCall<?>>> access(RejectionPublisher rejections) {
    HttpFloor floor = HttpFloor.of(CLIENT, service.address("/claims"));
    Guard<FencedCall<?>> guard = Guard.over(floor, rejections, Observer.none());
    return new RemoteNumbers(CLIENT, service, guard, floor, gates);
  }

  @Override
  protected void restartResource() throws SQLException {
    service.close();
    numbers.restart();
    service = started(numbers, gates);
  }

  @Override
  protected void forgetClaim(String resource) throws SQLException {
    numbers.forgetClaim(resource);
  }

  @Override
  protected void cutResource(boolean isCut) {
    service.cut(isCut);
  }

  @Override
  protected TimeSource time() {
    return TimeSource.system();
  }
}
