package dev.ashlar.messaging.journal;

import static dev.ashlar.messaging.journal.Journals.put;
import static dev.ashlar.messaging.journal.Journals.read;
import static dev.ashlar.messaging.journal.Journals.record;
import static dev.ashlar.messaging.journal.Journals.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.messaging.journal.DiskException.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Every byte of small stores flipped, and every length of them. */
class DamageTest {

  private final List<String> written = new ArrayList<>();

  private SimulatedDisk closed() throws InterruptedException {
    SimulatedDisk disk = new SimulatedDisk();
    try (Journal journal = Journals.open(disk)) {
      fill(journal);
    }
    return disk;
  }

  private SimulatedDisk killed() throws InterruptedException {
    SimulatedDisk disk = new SimulatedDisk();
    fill(Journals.open(disk));
    SimulatedDisk dead = disk.copy();
    assertThat(dead.segments()).hasSize(1);
    return dead;
  }

  private void fill(Journal journal) throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      put(journal, "record " + i + "y".repeat(11 * i));
      written.add("record " + i + "y".repeat(11 * i));
    }
    Ticket ticket = journal.append(List.of(record("last"), record("of all")), soon());
    assertThat(ticket.await(soon())).isTrue();
    written.addAll(List.of("last", "of all"));
  }

  /** What opening and reading gives: the records, or nothing with the reason. */
  private static Object outcome(SimulatedDisk... disks) {
    try (Journal journal = Journals.open(disks)) {
      return read(journal, 0);
    } catch (DiskException e) {
      assertThat(e.file()).endsWith(".log");
      assertThat(e.offset()).isNotNegative();
      return e.reason();
    }
  }

  @Test
  void noFlippedByteOfASealedStoreGoesUnseen() throws Exception {
    SimulatedDisk disk = closed();
    String name = disk.segments().get(0);
    byte[] bytes = disk.content(name);
    for (int at = 0; at < bytes.length; at++) {
      for (int mask : new int[] {1, 0x80, 0xff}) {
        Object outcome = outcome(flipped(disk, name, at, mask));
        assertThat(outcome).as("byte %d of %d", at, bytes.length).isEqualTo(Reason.DAMAGED);
      }
    }
  }

  @Test
  void aFlippedByteAfterAKillIsSeenOrTakesTheLastBatchAtMost() throws Exception {
    SimulatedDisk disk = killed();
    String name = disk.segments().get(0);
    byte[] bytes = disk.content(name);
    int end = endOfData(bytes);
    int last = 0;
    for (int at = 0; at < bytes.length; at += at < end ? 1 : 61) {
      Object outcome = outcome(flipped(disk, name, at, 0x10));
      if (outcome instanceof List<?> records && records.size() < written.size()) {
        assertThat(records).as("byte %d", at).isEqualTo(written.subList(0, written.size() - 2));
        last++;
      } else if (at < end) {
        assertThat(outcome).as("byte %d", at).isEqualTo(Reason.DAMAGED);
      } else {
        assertThat(outcome).as("byte %d", at).isEqualTo(written);
      }
    }
    assertThat(last).isEqualTo(BatchFormat.HEADER_BYTES + BatchFormat.paddedBytes(8 + 10));
  }

  @Test
  void noTruncationOfASealedStoreGoesUnseen() throws Exception {
    SimulatedDisk disk = closed();
    String name = disk.segments().get(0);
    byte[] bytes = disk.content(name);
    for (int length = 0; length < bytes.length; length++) {
      assertThat(outcome(truncated(disk, name, length)))
          .as("length %d", length)
          .isEqualTo(Reason.DAMAGED);
    }
  }

  @Test
  void noTruncationAfterAKillGoesUnseen() throws Exception {
    SimulatedDisk disk = killed();
    String name = disk.segments().get(0);
    byte[] bytes = disk.content(name);
    for (int length = 0; length < bytes.length; length += length < 2000 ? 1 : 997) {
      assertThat(outcome(truncated(disk, name, length)))
          .as("length %d", length)
          .isEqualTo(Reason.DAMAGED);
    }
  }

  @Test
  void aMirrorHealsEveryFlippedByte() throws Exception {
    SimulatedDisk one = new SimulatedDisk();
    SimulatedDisk two = new SimulatedDisk();
    try (Journal journal = Journals.open(one, two)) {
      fill(journal);
    }
    String name = one.segments().get(0);
    byte[] bytes = one.content(name);
    for (int at = 0; at < bytes.length; at++) {
      SimulatedDisk bad = flipped(one, name, at, 0x04);
      assertThat(outcome(bad, two.copy())).as("byte %d", at).isEqualTo(written);
      assertThat(outcome(bad)).as("byte %d, alone afterwards", at).isEqualTo(written);
    }
  }

  @Test
  void damageInAnOlderSegmentIsNamedWhenItIsReadAndHealedFromAMirror() throws Exception {
    SimulatedDisk one = new SimulatedDisk();
    SimulatedDisk two = new SimulatedDisk();
    try (Journal journal = Journals.open(one, two)) {
      for (int i = 0; i < 20; i++) {
        put(journal, "x".repeat(8000));
      }
    }
    String oldest = one.segments().get(0);
    SimulatedDisk bad = flipped(one, oldest, 20_000, 1);
    assertThat(outcome(bad.copy())).isEqualTo(Reason.DAMAGED);
    assertThat(outcome(bad, two)).asInstanceOf(InstanceOfAssertFactories.LIST).hasSize(20);
    assertThat(bad.content(oldest)).isEqualTo(one.content(oldest));
  }

  @Test
  void aMissingSegmentIsToldOrRestored() throws Exception {
    SimulatedDisk one = new SimulatedDisk();
    SimulatedDisk two = new SimulatedDisk();
    try (Journal journal = Journals.open(one, two)) {
      for (int i = 0; i < 20; i++) {
        put(journal, "x".repeat(8000));
      }
    }
    String middle = one.segments().get(1);
    SimulatedDisk without = one.copy();
    without.delete(middle);
    assertThat(outcome(without.copy())).isEqualTo(Reason.VANISHED);
    assertThat(outcome(without, two)).asInstanceOf(InstanceOfAssertFactories.LIST).hasSize(20);
    assertThat(without.content(middle)).isEqualTo(one.content(middle));
  }

  private static int endOfData(byte[] bytes) {
    int end = bytes.length;
    while (bytes[end - 1] == 0) {
      end--;
    }
    return (end + 7) & ~7;
  }

  private static SimulatedDisk flipped(SimulatedDisk disk, String name, int at, int mask) {
    SimulatedDisk copy = disk.copy();
    byte[] bytes = disk.content(name).clone();
    bytes[at] ^= (byte) mask;
    copy.replace(name, bytes);
    return copy;
  }

  private static SimulatedDisk truncated(SimulatedDisk disk, String name, int length) {
    SimulatedDisk copy = disk.copy();
    copy.replace(name, Arrays.copyOf(disk.content(name), length));
    return copy;
  }
}
