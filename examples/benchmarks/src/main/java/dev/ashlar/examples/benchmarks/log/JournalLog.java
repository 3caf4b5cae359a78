package dev.ashlar.examples.benchmarks.log;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Journal;
import dev.ashlar.messaging.journal.JournalReader;
import dev.ashlar.messaging.journal.Payload;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeoutException;

/** The journal below Ashlar's disk engines, with the defaults of its options. */
final class JournalLog implements DurableLog {

  private final Journal journal;

  JournalLog(Path folder, Durability durability, TimeSource time) {
    DiskOptions options = options(folder, durability);
    journal = Journal.open(options, time, Observer.none());
  }

  /** Returns the defaults for one folder. */
  static DiskOptions options(Path folder, Durability durability) {
    return DiskOptions.folder(folder)
        .withDurability(
            durability == Durability.DISK
                ? dev.ashlar.messaging.journal.Durability.ON_APPEND
                : dev.ashlar.messaging.journal.Durability.OS);
  }

  @Override
  public void append(byte[] record, Deadline deadline) throws Exception {
    expect(journal.append(new Whole(record), deadline).await(deadline));
  }

  @Override
  public Ticket submit(byte[] record, Deadline deadline) throws Exception {
    dev.ashlar.messaging.journal.Ticket ticket = journal.append(new Whole(record), deadline);
    return until -> expect(ticket.await(until));
  }

  private static void expect(boolean acknowledged) throws TimeoutException {
    if (!acknowledged) {
      throw new TimeoutException("not durable in time; it may become so later");
    }
  }

  @Override
  public void read(Sink sink) {
    try (JournalReader reader = journal.reader(journal.first())) {
      int count;
      do {
        count =
            reader.read(
                (number, array, offset, length) ->
                    sink.accept(ByteBuffer.wrap(array, offset, length)));
      } while (count > 0);
    }
  }

  @Override
  public void close() {
    journal.close();
  }

  /** A record that is one array, which nobody changes meanwhile. */
  private static final class Whole implements Payload {

    private final byte[] array;

    Whole(byte[] array) {
      this.array = array;
    }

    @Override
    public int size() {
      return array.length;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      out.write(array);
    }
  }
}
