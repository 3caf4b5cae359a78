package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The window over the newest records: complete from some record on, for each partition. */
class LogTailTest {

  private static LogTail.Entry entry(long number, int partition, int size) {
    Message message = Message.of(new MessageId("m" + number), Bytes.owning(new byte[size]));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      new LogFormat.MessagePayload(partition, message, number, new AtomicLong()).writeTo(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return new LogTail.Entry(number, number, bytes.toByteArray());
  }

  private static List<Long> numbers(List<LogTail.Entry> entries) {
    return entries.stream().map(each -> each.number).toList();
  }

  @Test
  void whatItSaysIsAllThereIsBehindAPlace() throws Exception {
    Seeds.check(
        10,
        (seed, random) -> {
          LogTail tail = new LogTail(3);
          List<List<Long>> all = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
          for (long number = 1; number < 3000; number++) {
            int partition = number == 1 ? 2 : random.nextInt(2);
            tail.add(entry(number, partition, random.nextInt(8000)));
            all.get(partition).add(number);
          }
          for (int partition = 0; partition < 2; partition++) {
            List<Long> numbers = all.get(partition);
            int from = random.nextInt(numbers.size());
            List<Long> rest = numbers.subList(from + 1, numbers.size());
            tail.behind(partition, numbers.get(from), 5000)
                .ifPresent(found -> assertThat(numbers(found)).isEqualTo(rest));
            assertThat(tail.behind(partition, 0, 1)).as("long gone").isEmpty();
            assertThat(tail.behind(partition, numbers.get(numbers.size() - 10), 3))
                .hasValueSatisfying(found -> assertThat(found).hasSize(3));
          }
        });
  }

  @Test
  void aSilentPartitionNeedsNoDiskHoweverMuchComesInOthers() {
    LogTail tail = new LogTail(2);
    tail.add(entry(1, 1, 10));
    for (long number = 2; number < 2000; number++) {
      tail.add(entry(number, 0, 10_000));
    }

    assertThat(tail.behind(1, 1, 10)).hasValue(List.of());
    assertThat(tail.behind(1, 0, 10)).isEmpty();
  }

  @Test
  void itBeginsWhereItWasTold() {
    LogTail tail = new LogTail(1);
    tail.goneUpTo(0, 7);
    tail.add(entry(9, 0, 10));

    assertThat(tail.behind(0, 6, 10)).isEmpty();
    assertThat(tail.behind(0, 7, 10).map(LogTailTest::numbers)).hasValue(List.of(9L));
    assertThat(tail.behind(0, 9, 10).map(LogTailTest::numbers)).hasValue(List.of());
  }

  @Test
  void oneRecordThatIsLargerThanTheWindowGoesAtOnce() {
    LogTail tail = new LogTail(1);
    tail.add(entry(1, 0, (int) LogTail.BYTES_MAX + 1));

    assertThat(tail.behind(0, 0, 10)).isEmpty();
    assertThat(tail.behind(0, 1, 10)).hasValue(List.of());
  }
}
