package dev.ashlar.messaging.journal;

import static dev.ashlar.messaging.journal.Journals.read;
import static dev.ashlar.messaging.journal.Journals.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Crashes of the machine, errors of the disk and short writes, in any order, against a model. */
class CrashTest {

  private static final int ROUNDS = 1500;

  private static final class Model {
    final List<String> acknowledged = new ArrayList<>();
    final List<String> mayComeBack = new ArrayList<>();
    final List<Sent> open = new ArrayList<>();
    int made;

    /** Asks for the outcome of everything that was sent. */
    void awaitAll() throws InterruptedException {
      for (Sent sent : open) {
        try {
          assertThat(sent.ticket.await(soon())).isTrue();
          assertThat(sent.ticket.first()).isEqualTo(acknowledged.size());
          acknowledged.addAll(sent.texts);
        } catch (DiskException failed) {
          mayComeBack.addAll(sent.texts);
        }
      }
      open.clear();
    }

    /** After a crash the store holds all that was acknowledged, then some of what was open. */
    void settle(List<String> found) {
      open.forEach(sent -> mayComeBack.addAll(sent.texts));
      open.clear();
      assertThat(found).hasSizeGreaterThanOrEqualTo(acknowledged.size());
      assertThat(found.subList(0, acknowledged.size())).isEqualTo(acknowledged);
      List<String> more = found.subList(acknowledged.size(), found.size());
      assertThat(mayComeBack).containsAll(more);
      acknowledged.addAll(more);
    }
  }

  private record Sent(Ticket ticket, List<String> texts) {}

  @Test
  void nothingAcknowledgedIsLostWhateverTheDiskDoes() throws Exception {
    Seeds.check(ROUNDS, (seed, random) -> live(random, Durability.ON_APPEND, false));
  }

  @Test
  void aFailedForceLosesNothingWithoutACrashWhateverTheDurability() throws Exception {
    Seeds.check(ROUNDS, (seed, random) -> live(random, Durability.OS, true));
  }

  private static void live(RandomGenerator random, Durability durability, boolean spareTheMachine)
      throws InterruptedException {
    SimulatedDisk disk = new SimulatedDisk();
    Model model = new Model();
    Journal journal = Journals.open(durability, disk);
    for (int step = 0; step < 40; step++) {
      switch (random.nextInt(8)) {
        case 0 -> disk.callsUntilFailure = random.nextInt(3);
        case 1 -> {
          disk.callsUntilFailure = -1;
          disk.shortWrites = random.nextBoolean();
        }
        case 2 -> {
          if (!spareTheMachine) {
            disk.crash(random);
            journal = Journals.open(durability, disk);
            model.settle(read(journal, 0));
          }
        }
        case 3 -> force(journal);
        default -> append(journal, model, random);
      }
    }
    disk.callsUntilFailure = -1;
    model.awaitAll();
    assertThat(read(journal, 0)).isEqualTo(model.acknowledged);
    journal.close();
    try (Journal again = Journals.open(durability, disk)) {
      model.settle(read(again, 0));
    }
  }

  private static void force(Journal journal) {
    try {
      journal.force();
    } catch (DiskException expected) {
      assertThat(expected.reason()).isEqualTo(DiskException.Reason.FAILED);
    }
  }

  private static void append(Journal journal, Model model, RandomGenerator random)
      throws InterruptedException {
    List<String> texts = new ArrayList<>();
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      texts.add(model.made++ + "z".repeat(random.nextInt(4000)));
    }
    try {
      Ticket ticket = journal.append(texts.stream().map(Journals::record).toList(), soon());
      model.open.add(new Sent(ticket, texts));
    } catch (DiskException failed) {
      model.mayComeBack.addAll(texts);
    }
    if (random.nextInt(4) > 0) {
      model.awaitAll();
    }
  }
}
