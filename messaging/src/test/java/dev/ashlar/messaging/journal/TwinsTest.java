package dev.ashlar.messaging.journal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Journals that are broken on purpose, each found out by the property that it breaks. */
class TwinsTest {

  @Test
  void theJournalHoldsToAllOfThem() throws Exception {
    JournalProperties.nothingAcknowledgedIsLost(UnaryOperator.identity());
    JournalProperties.damageIsTold(UnaryOperator.identity());
    JournalProperties.appendsAreWhole((journal, records) -> List.of(append(journal, records)));
  }

  private static Ticket append(Journal journal, List<Payload> records) throws InterruptedException {
    return journal.append(records, Journals.soon());
  }

  private static void assertFoundOut(ThrowingCallable property) {
    assertThatThrownBy(property).isInstanceOfAny(AssertionError.class, DiskException.class);
  }

  @Test
  void oneThatAcknowledgesBeforeTheForceIsFoundOut() {
    UnaryOperator<Disk> twin =
        disk ->
            new DiskBetween(disk) {
              @Override
              void writeForced(DiskFile file, String name, int position, byte[] bytes)
                  throws IOException {
                file.write(position, bytes, 0, bytes.length);
              }
            };
    assertFoundOut(() -> JournalProperties.nothingAcknowledgedIsLost(twin));
  }

  @Test
  void oneThatDoesNotForceTheFolderIsFoundOut() {
    UnaryOperator<Disk> twin =
        disk ->
            new DiskBetween(disk) {
              @Override
              public void sync() {}
            };
    assertFoundOut(() -> JournalProperties.nothingAcknowledgedIsLost(twin));
  }

  /** Its batches say that nothing before them had been forced: so any damage looks like a tear. */
  @Test
  void oneThatCutsWhatLaterBatchesVouchForIsFoundOut() {
    UnaryOperator<Disk> twin =
        disk ->
            new DiskBetween(disk) {
              @Override
              void writeForced(DiskFile file, String name, int position, byte[] bytes)
                  throws IOException {
                byte[] changed = bytes.clone();
                BatchFormat.putInt(changed, 20, SegmentFormat.HEADER_BYTES);
                sealHeader(changed, 0, salt(file), position);
                file.writeForced(position, changed, 0, changed.length);
              }
            };
    assertFoundOut(() -> JournalProperties.damageIsTold(twin));
  }

  /** It believes every body: what it reads gets the checksum that fits. */
  @Test
  void oneThatIgnoresTheChecksumOfTheBodyIsFoundOut() {
    UnaryOperator<Disk> twin =
        disk ->
            new DiskBetween(disk) {
              private final Map<Integer, Integer> batches = new TreeMap<>();

              @Override
              void writeForced(DiskFile file, String name, int position, byte[] bytes)
                  throws IOException {
                batches.put(position, bytes.length);
                file.writeForced(position, bytes, 0, bytes.length);
              }

              @Override
              void afterReading(DiskFile file, long position, byte[] bytes, int offset, int length)
                  throws IOException {
                long salt = salt(file);
                batches.forEach(
                    (start, size) -> {
                      int at = (int) (offset + start - position);
                      boolean inside = start >= position && at + size <= offset + length;
                      if (inside && BatchFormat.intAt(bytes, at) == BatchFormat.MAGIC) {
                        believe(bytes, at, size, salt, start);
                      }
                    });
              }
            };
    assertFoundOut(() -> JournalProperties.damageIsTold(twin));
  }

  /** It writes the records of one append one by one, so a crash may leave half of them. */
  @Test
  void oneThatKeepsHalfOfAnAppendIsFoundOut() {
    JournalProperties.Appending twin =
        (journal, records) -> {
          List<Ticket> tickets = new ArrayList<>();
          for (Payload record : records) {
            Ticket ticket = journal.append(record, Journals.soon());
            ticket.await(Journals.soon());
            tickets.add(ticket);
          }
          return tickets;
        };
    assertFoundOut(() -> JournalProperties.appendsAreWhole(twin));
  }

  private static long salt(Disk.DiskFile file) throws IOException {
    byte[] header = new byte[SegmentFormat.HEADER_BYTES];
    int read = file.read(0, header, 0, header.length);
    return read == header.length ? ByteBuffer.wrap(header).getLong(32) : 0;
  }

  private static void believe(byte[] bytes, int at, int size, long salt, int offset) {
    int body = at + BatchFormat.HEADER_BYTES;
    int length = size - BatchFormat.HEADER_BYTES;
    BatchFormat.putInt(bytes, at + 24, SegmentFormat.crc(salt, offset, bytes, body, length));
    sealHeader(bytes, at, salt, offset);
  }

  private static void sealHeader(byte[] bytes, int at, long salt, int offset) {
    BatchFormat.putInt(bytes, at + 28, SegmentFormat.crc(salt, offset, bytes, at, 28));
  }
}
