package dev.ashlar.examples.benchmarks.store;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.disk.DiskEventStore;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Durability;
import dev.ashlar.messaging.sourcing.AppendResult;
import dev.ashlar.messaging.sourcing.Event;
import dev.ashlar.messaging.sourcing.EventStore;
import dev.ashlar.messaging.sourcing.ExpectedEnd;
import dev.ashlar.messaging.sourcing.StoreOptions;
import dev.ashlar.messaging.sourcing.StreamName;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Ashlar's event store on disk. The id of an event is the number of its record. */
final class EngineStore implements StreamStore {

  private static final long CAPACITY = 1_000_000_000L;

  private final EventStore store;

  EngineStore(Path folder, boolean forced, TimeSource time) {
    DiskOptions options =
        DiskOptions.folder(folder).withDurability(forced ? Durability.ON_APPEND : Durability.OS);
    store =
        DiskEventStore.open(
            "store", StoreOptions.capacity(CAPACITY), options, time, Observer.none());
  }

  @Override
  public void append(String stream, List<byte[]> events, Deadline deadline)
      throws InterruptedException {
    List<Event> all = new ArrayList<>(events.size());
    for (byte[] event : events) {
      MessageId id = new MessageId(Long.toString(ByteBuffer.wrap(event).getLong()));
      all.add(Event.of(id, "measured", Bytes.owning(event)));
    }
    AppendResult result = store.append(new StreamName(stream), ExpectedEnd.any(), all, deadline);
    if (!(result instanceof AppendResult.Appended)) {
      throw new IllegalStateException("append: " + result + " (expected: appended)");
    }
  }

  @Override
  public List<byte[]> read(String stream, Deadline deadline) throws InterruptedException {
    return store.read(new StreamName(stream), 0, EventStore.READ_MAX, deadline).events().stream()
        .map(recorded -> recorded.event().payload().toArray())
        .toList();
  }

  @Override
  public void close() {
    store.close();
  }
}
