package dev.ashlar.messaging.journal;

import static dev.ashlar.messaging.journal.Journals.read;
import static dev.ashlar.messaging.journal.Journals.record;
import static dev.ashlar.messaging.journal.Journals.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.journal.DiskException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What a journal must hold to, whatever lies between it and its disk: asked of the journal as it
 * is, and of broken ones, which must be found out.
 */
final class JournalProperties {

  private static final int ROUNDS = 200;

  private JournalProperties() {}

  /** How the records of one append are appended. */
  interface Appending {
    List<Ticket> append(Journal journal, List<Payload> records) throws InterruptedException;
  }

  /** What was acknowledged is there after a crash of the machine, in order, and read back. */
  static void nothingAcknowledgedIsLost(UnaryOperator<Disk> between) throws Exception {
    Seeds.check(
        ROUNDS,
        (seed, random) -> {
          SimulatedDisk disk = new SimulatedDisk();
          List<String> acknowledged = new ArrayList<>();
          for (int round = 0; round < 4; round++) {
            Journal journal = Journals.open(between.apply(disk));
            assertThat(read(journal, 0)).isEqualTo(acknowledged);
            for (int i = random.nextInt(20); i > 0; i--) {
              acknowledged.add(acknowledged.size() + "x".repeat(random.nextInt(6000)));
              Journals.put(journal, acknowledged.get(acknowledged.size() - 1));
            }
            disk.crash(random);
          }
          try (Journal journal = Journals.open(between.apply(disk))) {
            assertThat(read(journal, 0)).isEqualTo(acknowledged);
          }
        });
  }

  /** Whatever byte of what had been acknowledged is changed, it is told, after a kill too. */
  static void damageIsTold(UnaryOperator<Disk> between) throws Exception {
    SimulatedDisk disk = new SimulatedDisk();
    Disk written = between.apply(disk);
    Journal journal = Journals.open(written);
    for (int i = 0; i < 6; i++) {
      Journals.put(journal, "record " + i);
    }
    String name = disk.segments().get(0);
    int last = SegmentFormat.HEADER_BYTES + 5 * 48;
    for (int at = SegmentFormat.HEADER_BYTES; at < last; at++) {
      disk.content(name)[at] ^= 0x20;
      disk.owned = false;
      assertThat(reasonOfOpening(written)).as("byte %d", at).isEqualTo(Reason.DAMAGED);
      disk.content(name)[at] ^= 0x20;
    }
  }

  private static Object reasonOfOpening(Disk disk) {
    try (Journal journal = Journals.open(disk)) {
      return read(journal, 0);
    } catch (DiskException e) {
      return e.reason();
    }
  }

  /** After a crash in the middle of an append its records are there all or none. */
  static void appendsAreWhole(Appending appending) throws Exception {
    Seeds.check(
        ROUNDS,
        (seed, random) -> {
          SimulatedDisk disk = new SimulatedDisk();
          Journal journal = Journals.open(disk);
          Journals.put(journal, "first");
          disk.callsUntilFailure = random.nextInt(4);
          disk.shortWrites = random.nextBoolean();
          try {
            for (Ticket ticket :
                appending.append(
                    journal, List.of(record("a" + "x".repeat(3000)), record("b"), record("c")))) {
              assertThat(ticket.await(soon())).isTrue();
            }
          } catch (DiskException asWished) {
            assertThat(asWished.reason()).isEqualTo(Reason.FAILED);
          }
          disk.crash(random);
          try (Journal again = Journals.open(disk)) {
            assertThat(read(again, 0).size()).isIn(1, 4);
          }
        });
  }
}
