package dev.ashlar.examples.benchmarks.log;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.rocksdb.CompressionType;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * RocksDB with a rising key. A blocking append is one {@code put} with {@code sync}, whose group
 * commit is RocksDB's own, and which has no deadline; pipelined records are one batch per group.
 */
final class RocksLog implements DurableLog, RecordStore {

  private final Options options = new Options();
  private final WriteOptions writeOptions = new WriteOptions();
  private final RocksDB database;
  private final AtomicLong next;
  private final GroupedLog pipeline;

  RocksLog(Path folder, Durability durability, TimeSource time) throws RocksDBException {
    options.setCreateIfMissing(true).setCompressionType(CompressionType.NO_COMPRESSION);
    writeOptions.setSync(durability == Durability.DISK);
    database = RocksDB.open(options, folder.toString());
    next = new AtomicLong(firstFree());
    pipeline = new GroupedLog(this, time);
  }

  private long firstFree() {
    try (RocksIterator iterator = database.newIterator()) {
      iterator.seekToLast();
      return iterator.isValid() ? ByteBuffer.wrap(iterator.key()).getLong() + 1 : 0;
    }
  }

  private byte[] nextKey() {
    return ByteBuffer.allocate(Long.BYTES).putLong(next.getAndIncrement()).array();
  }

  @Override
  public void append(byte[] record, Deadline deadline) throws RocksDBException {
    database.put(writeOptions, nextKey(), record);
  }

  @Override
  public Ticket submit(byte[] record, Deadline deadline) throws Exception {
    return pipeline.submit(record, deadline);
  }

  @Override
  public void write(List<byte[]> records) throws RocksDBException {
    try (WriteBatch batch = new WriteBatch()) {
      for (byte[] record : records) {
        batch.put(nextKey(), record);
      }
      database.write(writeOptions, batch);
    }
  }

  @Override
  public void read(Sink sink) throws RocksDBException {
    try (RocksIterator iterator = database.newIterator()) {
      for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
        sink.accept(ByteBuffer.wrap(iterator.value()));
      }
      iterator.status();
    }
  }

  @Override
  public void close() throws IOException {
    database.close();
    writeOptions.close();
    options.close();
  }
}
