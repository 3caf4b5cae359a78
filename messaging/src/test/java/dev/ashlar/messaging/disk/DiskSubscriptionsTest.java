package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.journal.DiskException;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Durability;
import dev.ashlar.messaging.sourcing.Event;
import dev.ashlar.messaging.sourcing.EventStore;
import dev.ashlar.messaging.sourcing.ExpectedEnd;
import dev.ashlar.messaging.sourcing.StoreOptions;
import dev.ashlar.messaging.sourcing.StreamName;
import dev.ashlar.messaging.topic.MemorySubscriptions;
import dev.ashlar.messaging.topic.Subscription;
import dev.ashlar.messaging.topic.SubscriptionOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The registry on disk, alone. */
class DiskSubscriptionsTest {

  private static final SubscriptionOptions DURABLE = SubscriptionOptions.durable();
  private static final SubscriptionOptions WHILE_USED = SubscriptionOptions.whileUsed();
  private static final Duration TERM = Duration.ofSeconds(30);

  private final ManualTime time = ManualTime.create();

  @TempDir Path folder;

  /** Nothing here asks what the death of the machine leaves. */
  private DiskSubscriptions open() {
    return DiskSubscriptions.open(
        DiskOptions.folder(folder).withDurability(Durability.OS), TERM, time, Observer.none());
  }

  private Deadline soon() {
    return Deadline.after(Duration.ofMinutes(1), time);
  }

  private List<Subscription> reopened() throws InterruptedException {
    try (DiskSubscriptions again = open()) {
      return again.all(soon());
    }
  }

  @Test
  void whatWasAnsweredIsThereAfterwards() throws Exception {
    Subscription one;
    Subscription two;
    try (DiskSubscriptions registry = open()) {
      one = registry.add("one", DURABLE, soon());
      two = registry.add("two", WHILE_USED, soon());
      Subscription three = registry.add("three", DURABLE, soon());
      assertThat(registry.detach(two, soon())).isTrue();
      assertThat(registry.detach(two, soon())).isFalse();
      assertThat(registry.remove(three, soon())).isTrue();
      assertThat(registry.remove(three, soon())).isFalse();
      assertThat(registry.add("one", WHILE_USED, soon())).isEqualTo(one);
    }

    assertThat(reopened()).containsExactly(one, two.in(Subscription.State.DETACHED));
  }

  @Test
  void aNumberIsNeverGivenTwice() throws Exception {
    Subscription first;
    try (DiskSubscriptions registry = open()) {
      first = registry.add("one", DURABLE, soon());
      registry.remove(first, soon());
    }
    try (DiskSubscriptions registry = open()) {
      Subscription second = registry.add("one", DURABLE, soon());
      assertThat(second.number()).isGreaterThan(first.number());
      assertThat(registry.remove(first, soon())).isFalse();
      assertThat(registry.renew(first, soon())).isFalse();
      assertThat(registry.detach(first, soon())).isFalse();
      assertThat(registry.all(soon())).containsExactly(second);
    }
  }

  @Test
  void aTransientSubscriptionEndsForGoodAndAfterARestartHasAWholeTerm() throws Exception {
    Subscription kept;
    try (DiskSubscriptions registry = open()) {
      registry.add("ends", WHILE_USED, soon());
      time.advance(TERM.dividedBy(2));
      kept = registry.add("kept", WHILE_USED, soon());
      time.advance(TERM.dividedBy(2));
      assertThat(registry.all(soon())).containsExactly(kept);
    }
    time.advance(TERM);
    try (DiskSubscriptions registry = open()) {
      assertThat(registry.all(soon())).containsExactly(kept);
      time.advance(TERM.dividedBy(2));
      assertThat(registry.renew(kept, soon())).isTrue();
      time.advance(TERM.dividedBy(2));
      assertThat(registry.all(soon())).containsExactly(kept);
      time.advance(TERM.dividedBy(2));
      assertThat(registry.renew(kept, soon())).isFalse();
    }
    assertThat(reopened()).isEmpty();
  }

  @Test
  void manyChangesTakeLittleRoom() throws Exception {
    Subscription stays;
    try (DiskSubscriptions registry = open()) {
      stays = registry.add("stays", DURABLE, soon());
      for (int i = 0; i < 10_000; i++) {
        registry.remove(registry.add("s" + i, DURABLE, soon()), soon());
      }
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      long bytes = 0;
      for (Path each : all) {
        bytes += Files.size(each);
      }
      assertThat(bytes).isLessThan(2 << 20);
    }
    assertThat(reopened()).containsExactly(stays);
  }

  @Test
  void moreThanItKeepsAreRefused() throws Exception {
    try (DiskSubscriptions registry = open()) {
      for (int i = 0; i < MemorySubscriptions.SUBSCRIPTIONS_MAX; i++) {
        registry.add("s" + i, WHILE_USED, soon());
      }
      assertThatIllegalStateException()
          .isThrownBy(() -> registry.add("more", DURABLE, soon()))
          .withMessage("subscriptions: full (expected: at most 1000)");
      time.advance(TERM);
      registry.add("more", DURABLE, soon());
    }
    assertThat(reopened()).extracting(Subscription::name).containsExactly("more");
  }

  @Test
  void aSecondOwnerAClosedOneAndAnotherEnginesFolderAreTold() throws Exception {
    DiskSubscriptions registry = open();
    assertThatExceptionOfType(DiskException.class)
        .isThrownBy(this::open)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(DiskException.Reason.IN_USE));
    registry.close();
    registry.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> registry.all(soon()))
        .withMessage("subscriptions: closed (expected: open)");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                DiskSubscriptions.open(
                    DiskOptions.folder(folder), Duration.ZERO, time, Observer.none()))
        .withMessage("term: PT0S (expected: above 0, to PT24H)");
    Path other = folder.resolve("store");
    try (EventStore store =
        DiskEventStore.open(
            "store",
            StoreOptions.capacity(10),
            DiskOptions.folder(other),
            TimeSource.system(),
            Observer.none())) {
      Event event = Event.of(new MessageId("e"), "noted", Bytes.empty());
      store.append(new StreamName("s"), ExpectedEnd.any(), List.of(event), soon());
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> DiskSubscriptions.open(DiskOptions.folder(other), time, Observer.none()))
        .withMessageContaining("another kind");
  }

  @Test
  void changesAsBytes() {
    Subscription one = new Subscription("one", 7, DURABLE, Subscription.State.DETACHED);
    Subscription two = new Subscription("two", 9, WHILE_USED, Subscription.State.ATTACHED);
    DiskSubscriptionsRecord record =
        DiskSubscriptionsRecord.of(DiskSubscriptionsRecord.What.ALL, 12, List.of(one, two));
    byte[] bytes = record.bytes();

    assertThat(DiskSubscriptionsRecord.read(bytes, 0, bytes.length)).isEqualTo(record);

    for (int i = 0; i < bytes.length; i++) {
      byte[] cut = Arrays.copyOf(bytes, i);
      assertThatExceptionOfType(MalformedDataException.class)
          .isThrownBy(() -> DiskSubscriptionsRecord.read(cut, 0, cut.length));
      for (int bit = 0; bit < 8; bit++) {
        byte[] changed = bytes.clone();
        changed[i] ^= (byte) (1 << bit);
        try {
          DiskSubscriptionsRecord.read(changed, 0, changed.length);
        } catch (MalformedDataException expected) {
          assertThat(expected).hasMessageStartingWith(expected.getMessage());
        }
      }
    }
  }
}
