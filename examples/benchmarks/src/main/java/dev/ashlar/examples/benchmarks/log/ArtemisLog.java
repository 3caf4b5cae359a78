package dev.ashlar.examples.benchmarks.log;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.activemq.artemis.core.io.SequentialFileFactory;
import org.apache.activemq.artemis.core.io.nio.NIOSequentialFileFactory;
import org.apache.activemq.artemis.core.journal.EncoderPersister;
import org.apache.activemq.artemis.core.journal.LoaderCallback;
import org.apache.activemq.artemis.core.journal.PreparedTransactionInfo;
import org.apache.activemq.artemis.core.journal.RecordInfo;
import org.apache.activemq.artemis.core.journal.impl.JournalImpl;
import org.apache.activemq.artemis.core.journal.impl.dataformat.ByteArrayEncoding;

/**
 * The journal of Artemis with its buffer's timer at 100 us; at its default of 3.33 ms one thread
 * waits the whole tick. A blocking append is the journal's own call, which has no deadline. It has
 * no reader: to read is to load all anew.
 */
final class ArtemisLog implements DurableLog {

  private static final int FILE_BYTES = 10 << 20;
  private static final int BUFFER_BYTES = 490 << 10;
  private static final int TIMER_NANOS = 100_000;
  private static final byte RECORD_TYPE = 1;

  private final Path folder;
  private final Durability durability;
  private final TimeSource time;
  private final AtomicLong next = new AtomicLong();
  private JournalImpl journal;

  ArtemisLog(Path folder, Durability durability, TimeSource time) throws Exception {
    this.folder = folder;
    this.durability = durability;
    this.time = time;
    journal = load(record -> {});
  }

  private JournalImpl load(Sink sink) throws Exception {
    SequentialFileFactory files =
        new NIOSequentialFileFactory(
            folder.toFile(), true, BUFFER_BYTES, TIMER_NANOS, 1, false, null, null);
    // A callback comes after the write; with this on, after the force too.
    files.setDatasync(durability == Durability.DISK);
    JournalImpl loaded = new JournalImpl(FILE_BYTES, 2, -1, 0, 0, files, "log", "journal", 1);
    loaded.start();
    loaded.load(new Loading(sink));
    return loaded;
  }

  @Override
  public void append(byte[] record, Deadline deadline) throws Exception {
    journal.appendAddRecord(next.getAndIncrement(), RECORD_TYPE, record, true);
  }

  @Override
  public Ticket submit(byte[] record, Deadline deadline) throws Exception {
    ArtemisTicket ticket = new ArtemisTicket(time);
    journal.appendAddRecord(
        next.getAndIncrement(),
        RECORD_TYPE,
        EncoderPersister.getInstance(),
        new ByteArrayEncoding(record),
        true,
        ticket);
    return ticket;
  }

  @Override
  public void read(Sink sink) throws Exception {
    journal.stop();
    journal = load(sink);
  }

  @Override
  public void close() throws IOException {
    try {
      journal.stop();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private final class Loading implements LoaderCallback {

    private final Sink sink;

    Loading(Sink sink) {
      this.sink = sink;
    }

    @Override
    public void addRecord(RecordInfo record) {
      next.accumulateAndGet(record.id + 1, Math::max);
      sink.accept(ByteBuffer.wrap(record.data));
    }

    @Override
    public void addPreparedTransaction(PreparedTransactionInfo transaction) {}

    @Override
    public void deleteRecord(long id) {}

    @Override
    public void updateRecord(RecordInfo record) {}

    @Override
    public void failedTransaction(
        long id, List<RecordInfo> records, List<RecordInfo> recordsToDelete) {}
  }
}
