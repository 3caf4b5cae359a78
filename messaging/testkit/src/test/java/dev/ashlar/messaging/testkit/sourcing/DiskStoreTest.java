package dev.ashlar.messaging.testkit.sourcing;

import dev.ashlar.core.Headers;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.SimulatedCrash;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.messaging.disk.DiskEventStore;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.sourcing.EventStore;
import dev.ashlar.messaging.sourcing.StoreOptions;
import dev.ashlar.messaging.testkit.FolderImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/**
 * The event store on disk keeps the contract. One process has one handle; after a crash a store is
 * opened on an image of the folder as the crash left it.
 */
@Subject("disk")
class DiskStoreTest extends EventStoreContract {

  private static final int SEGMENT_BYTES = 8 << 20;

  private final Map<String, Opened> stores = new HashMap<>();

  @TempDir Path parent;

  private record Opened(Path folder, EventStore store, CrashObserver observer) {}

  @Override
  protected EventStore open(String name, StoreOptions options, Observer observer)
      throws IOException {
    Opened there = stores.get(name);
    if (there != null && !there.observer.crashed) {
      there.observer.inner = observer;
      return there.store;
    }
    Path folder = there == null ? parent.resolve(name) : afterCrash(there);
    CrashObserver own = new CrashObserver(observer);
    EventStore store = opened(opened(name, options, folder, own), folder, there != null);
    stores.put(name, new Opened(folder, store, own));
    return store;
  }

  final DiskEventStore opened(String name, StoreOptions options, Path folder, Observer observer) {
    DiskOptions disk = DiskOptions.folder(folder).withSegmentBytes(SEGMENT_BYTES);
    return DiskEventStore.open(name, options, disk, time(), observer);
  }

  /** The dead one is closed in the end, which writes what it had gathered to where nobody looks. */
  private Path afterCrash(Opened dead) throws IOException {
    Path image = left(dead.folder);
    dead.observer.inner = Observer.none();
    return image;
  }

  /** Returns the folder that is found after a crash, of the one that was used. */
  Path left(Path used) throws IOException {
    return image(used);
  }

  final Path image(Path folder) throws IOException {
    return FolderImage.of(folder, parent, "image");
  }

  /** Returns what users get of a store that was opened; another one from twins only. */
  EventStore opened(DiskEventStore store, Path folder, boolean afterCrash) throws IOException {
    return store;
  }

  @Override
  protected TimeSource time() {
    return TimeSource.system();
  }

  /** Knows whether it has crashed whoever uses it. */
  private static final class CrashObserver implements Observer {
    private volatile Observer inner;
    private volatile boolean crashed;

    CrashObserver(Observer inner) {
      this.inner = inner;
    }

    @Override
    public <T, X extends Exception> T around(Operation operation, Headers out, Body<T, X> body)
        throws X {
      return inner.around(operation, out, body);
    }

    @Override
    public void count(String event, long n) {
      inner.count(event, n);
    }

    @Override
    public void step(String name) {
      try {
        inner.step(name);
      } catch (SimulatedCrash e) {
        crashed = true;
        throw e;
      }
    }
  }
}
