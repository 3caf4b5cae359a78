package dev.ashlar.examples.benchmarks.log;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/** H2's MVStore: appended to a map, one commit per group, and one {@code sync()} to be forced. */
final class MvStoreStore implements RecordStore {

  private final MVStore store;
  private final MVMap<Long, byte[]> map;
  private final Durability durability;
  private long next;

  MvStoreStore(Path folder, Durability durability) {
    this.durability = durability;
    store =
        new MVStore.Builder()
            .fileName(folder.resolve("log.mv").toString())
            .autoCommitDisabled()
            .open();
    map = store.openMap("log", new MVMap.Builder<Long, byte[]>().singleWriter());
    Long last = map.lastKey();
    next = last == null ? 0 : last + 1;
  }

  @Override
  public void write(List<byte[]> records) {
    for (byte[] record : records) {
      map.append(next++, record);
    }
    store.commit();
    if (durability == Durability.DISK) {
      store.sync();
    }
  }

  @Override
  public void read(DurableLog.Sink sink) {
    map.cursor(null).forEachRemaining(key -> sink.accept(ByteBuffer.wrap(map.get(key))));
  }

  @Override
  public void close() {
    store.close();
  }
}
