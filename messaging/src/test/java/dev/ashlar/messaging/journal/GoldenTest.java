package dev.ashlar.messaging.journal;

import static dev.ashlar.messaging.journal.Journals.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ashlar.messaging.journal.BatchFormat.Spot;
import dev.ashlar.messaging.journal.DiskException.Reason;
import dev.ashlar.messaging.journal.SegmentFormat.Header;
import dev.ashlar.messaging.journal.SegmentFormat.Name;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Files of each version of the format, kept as test data: they must be read for ever. */
class GoldenTest {

  private static final String SEGMENT = "0000000000000001-0000000000000000.log";

  private static byte[] golden(String file) throws Exception {
    try (InputStream in = GoldenTest.class.getResourceAsStream(file)) {
      assertThat(in).as(file).isNotNull();
      String hex = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }
  }

  /** The header is pinned down to the byte: whoever changes it needs another version. */
  @Test
  void theHeaderOfVersionOneIsTheseBytes() {
    Header header = new Header(new Name(3, 500), 65536, 0x0123456789abcdefL);
    String hex = HexFormat.of().formatHex(SegmentFormat.encode(header));
    assertThat(hex)
        .startsWith(
            "4153484c524c4f47"
                + "01000000"
                + "00010000"
                + "0000000000000003"
                + "00000000000001f4"
                + "0123456789abcdef"
                + "00000000")
        .endsWith("0".repeat(32))
        .hasSize(128);
  }

  /** Whoever raises the version keeps a file of the one before, or this test says so. */
  @Test
  void storesOfAllVersionsAreRead() throws Exception {
    for (int version = 1; version <= SegmentFormat.VERSION; version++) {
      SimulatedDisk disk = new SimulatedDisk();
      disk.replace(SEGMENT, golden("version-" + version + ".hex"));
      try (Journal journal = Journals.open(disk)) {
        assertThat(read(journal, 0)).isEqualTo(List.of("first", "", "third, \u00e4"));
      }
    }
  }

  @Test
  void aStoreOfALaterVersionIsRefusedByName() throws Exception {
    byte[] bytes = golden("version-1.hex");
    bytes[8] = 2;
    ByteBuffer.wrap(bytes)
        .putInt(44, SegmentFormat.crc(ByteBuffer.wrap(bytes).getLong(32), 0, bytes, 0, 44));
    SimulatedDisk disk = new SimulatedDisk();
    disk.replace(SEGMENT, bytes);
    DiskException refused = catchThrowableOfType(DiskException.class, () -> Journals.open(disk));
    assertThat(refused.reason()).isEqualTo(Reason.LATER_VERSION);
    assertThat(refused).hasMessageContaining("version 2 (expected: at most 1)");
  }

  @Test
  void hostileSizesAreRefusedBeforeAnythingIsAllocated() {
    byte[] header = new byte[BatchFormat.HEADER_BYTES];
    Spot spot = new Spot(1, 64);
    for (int body : new int[] {-1, 0, Integer.MAX_VALUE, Integer.MAX_VALUE - 40, 1 << 30}) {
      for (int count : new int[] {-1, 0, 1, Integer.MAX_VALUE}) {
        BatchFormat.putInt(header, 0, BatchFormat.MAGIC);
        BatchFormat.putInt(header, 4, body);
        BatchFormat.putInt(header, 16, count);
        BatchFormat.putInt(
            header, 28, SegmentFormat.crc(spot.salt(), spot.offset(), header, 0, 28));
        assertThat(BatchFormat.isHeader(header, 0, spot)).isTrue();
        assertThat(BatchFormat.fits(header, 0, 65536)).as("%d %d", body, count).isFalse();
      }
    }
  }
}
