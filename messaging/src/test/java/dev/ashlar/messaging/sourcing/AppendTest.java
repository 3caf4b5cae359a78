package dev.ashlar.messaging.sourcing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ashlar.core.Bytes;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.sourcing.EventStore.Recorded;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an append is, and what is decided about it. */
class AppendTest {

  private static final StreamName STREAM = new StreamName("order-7");

  private static Event event(String id) {
    return Event.of(new MessageId(id), "noted", Bytes.utf8("content of " + id));
  }

  private static Append append(ExpectedEnd expected, String... ids) {
    return new Append(STREAM, expected, Arrays.stream(ids).map(AppendTest::event).toList());
  }

  private static Recorded at(long position, String id) {
    return new Recorded(position, Instant.EPOCH, event(id));
  }

  @Test
  void eventsThatAreNotThereAreStoredWhereTheExpectationHolds() {
    assertThat(append(ExpectedEnd.none(), "a").judge(0, List.of())).isEmpty();
    assertThat(append(ExpectedEnd.exactly(7), "a").judge(7, List.of())).isEmpty();
    assertThat(append(ExpectedEnd.any(), "a").judge(7, List.of())).isEmpty();
    assertThat(append(ExpectedEnd.exactly(6), "a").judge(7, List.of()))
        .contains(new AppendResult.Conflict(7));
  }

  @Test
  void eventsThatStandWhereTheyWereAskedForAreARetry() {
    List<Recorded> standing = List.of(at(3, "a"), at(4, "b"));
    Optional<AppendResult> original = Optional.of(new AppendResult.Appended(4));

    assertThat(append(ExpectedEnd.exactly(2), "a", "b").judge(4, standing)).isEqualTo(original);
    assertThat(append(ExpectedEnd.exactly(2), "a", "b").judge(9, standing)).isEqualTo(original);
    assertThat(append(ExpectedEnd.any(), "a", "b").judge(9, standing)).isEqualTo(original);
  }

  @Test
  void eventsThatStandInAnotherWayAreTaken() {
    Optional<AppendResult> taken = Optional.of(new AppendResult.IdTaken(new MessageId("a"), 3));
    List<Recorded> apart = List.of(at(3, "a"), at(5, "b"));

    assertThat(append(ExpectedEnd.any(), "a", "b").judge(9, apart)).isEqualTo(taken);
    assertThat(append(ExpectedEnd.any(), "a", "b").judge(9, List.of(at(3, "a")))).isEqualTo(taken);
    assertThat(append(ExpectedEnd.exactly(3), "a").judge(3, List.of(at(3, "a")))).isEqualTo(taken);
  }

  @Test
  void anAppendIsChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> append(ExpectedEnd.any()))
        .withMessage("events: 0 (expected: 1 to 100)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> append(ExpectedEnd.any(), "a", "a"))
        .withMessage("events: a twice (expected: once)");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Append(STREAM, ExpectedEnd.any(), Collections.nCopies(101, event("a"))))
        .withMessage("events: 101 (expected: 1 to 100)");
  }

  @Test
  void valuesAreChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StreamName("a b"))
        .withMessage("value: 3 characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Event.of(new MessageId("a"), "", Bytes.empty()))
        .withMessage("type: 0 characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ExpectedEnd.exactly(-1))
        .withMessage("end: -1 (expected: >= 0)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> at(0, "a"))
        .withMessage("position: 0 (expected: >= 1)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StoreOptions.capacity(0))
        .withMessage("capacity: 0 (expected: 1 to 1000000000000)");
  }

  @Test
  void aPayloadIsNotShown() {
    assertThat(event("a").toString()).contains("a", "noted", "12 bytes").doesNotContain("content");
  }
}
