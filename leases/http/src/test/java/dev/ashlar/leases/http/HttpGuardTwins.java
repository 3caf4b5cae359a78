package dev.ashlar.leases.http;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.guard.Floor;
import dev.ashlar.leases.guard.MemoryFloor;
import dev.ashlar.leases.guard.Standing;
import dev.ashlar.leases.jdbc.JdbcFloor;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Services with a mistake. */
final class HttpGuardTwins {

  private HttpGuardTwins() {}

  /** Checks in a transaction of its own, and then does what it was asked in another one. */
  static class ChecksApartTwin extends HttpGuardTest {
    @Override
    Service started(Numbers data, Gates stops) {
      return new Service(data, floor(data), rejection -> {}, stops) {
        @Override
        Admission admit(
            FencedEndpoint<Connection> checking, List<String> values, Connection tx, String name)
            throws SQLException {
          try (Connection own = data.begin()) {
            Admission admission = checking.admit(values, own, name);
            own.rollback();
            return admission;
          }
        }
      };
    }

    @Override
    protected Duration patience() {
      return Duration.ofSeconds(5);
    }
  }

  /** Keeps the floor in the memory of the service. */
  static class FloorInMemoryTwin extends HttpGuardTest {
    @Override
    Floor<Connection> floor(Numbers data) {
      MemoryFloor memory = MemoryFloor.of(TimeSource.system());
      return new Floor<>() {
        @Override
        public Standing raise(String resource, Fence fence, Deadline deadline)
            throws InterruptedException {
          return memory.raise(resource, fence, deadline);
        }

        @Override
        public Standing check(Connection tx, String resource, Fence fence) {
          try (MemoryFloor.Transaction own = memory.begin()) {
            return memory.check(own, resource, fence);
          }
        }
      };
    }

    @Override
    protected Duration patience() {
      return Duration.ofSeconds(5);
    }
  }

  /** Lets in whoever has a number that is large enough. */
  static class LargerIsEnoughTwin extends HttpGuardTest {
    @Override
    Floor<Connection> floor(Numbers data) {
      Floor<Connection> inner = JdbcFloor.of(data.source());
      return new Floor<>() {
        @Override
        public Standing raise(String resource, Fence fence, Deadline deadline)
            throws InterruptedException {
          return inner.raise(resource, fence, deadline);
        }

        @Override
        public Standing check(Connection tx, String resource, Fence fence) {
          Standing standing = inner.check(tx, resource, fence);
          boolean larger =
              standing instanceof Standing.Differs differs
                  && differs.floor().isPresent()
                  && differs.floor().get().token().compareTo(fence.token()) < 0;
          return larger ? new Standing.Level() : standing;
        }
      };
    }
  }
}
