package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.log.LogRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The window over the newest records: complete from some record on, for each partition. */
class LogTailTest {

  private static void add(LogTail tail, long number, int partition, int size) {
    Message message = Message.of(new MessageId("m" + number), Bytes.owning(new byte[size]));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(0);
    try {
      LogFormat.write(partition, message, number, bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    tail.add(number, partition, bytes.toByteArray(), 1, bytes.size() - 1);
  }

  /** Reads as readers do; empty if only the disk knows. */
  private static Optional<List<Long>> behind(LogTail tail, int partition, long after, int most) {
    if (!tail.holds(partition, after)) {
      return Optional.empty();
    }
    List<LogRecord> found = new ArrayList<>();
    long from = after;
    while (found.size() < most && tail.behind(from).isPresent()) {
      LogChunk chunk = tail.behind(from).get();
      chunk.readInto(found, partition, from, most);
      from = chunk.end() - 1;
    }
    return Optional.of(found.stream().map(each -> each.position().number()).toList());
  }

  @Test
  void whatItSaysIsAllThereIsBehindAPlace() throws Exception {
    Seeds.check(
        10,
        (seed, random) -> {
          LogTail tail = new LogTail(3);
          List<List<Long>> all = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
          for (long number = 1; number < 3000; number++) {
            if (number > 1 && random.nextInt(10) == 0) {
              tail.pass(number);
              continue;
            }
            int partition = number == 1 ? 2 : random.nextInt(2);
            add(tail, number, partition, random.nextInt(8000));
            all.get(partition).add(number);
          }
          for (int partition = 0; partition < 2; partition++) {
            List<Long> numbers = all.get(partition);
            int from = random.nextInt(numbers.size());
            List<Long> rest = numbers.subList(from + 1, numbers.size());
            behind(tail, partition, numbers.get(from), 5000)
                .ifPresent(found -> assertThat(found).isEqualTo(rest));
            assertThat(behind(tail, partition, 0, 1)).as("long gone").isEmpty();
            int last = numbers.size() - 1;
            assertThat(behind(tail, partition, numbers.get(last - 9), 3))
                .hasValue(numbers.subList(last - 8, last - 5));
          }
        });
  }

  @Test
  void aSilentPartitionNeedsNoDiskHoweverMuchComesInOthers() {
    LogTail tail = new LogTail(2);
    add(tail, 1, 1, 10);
    for (long number = 2; number < 2000; number++) {
      add(tail, number, 0, 10_000);
    }

    assertThat(behind(tail, 1, 1, 10)).hasValue(List.of());
    assertThat(behind(tail, 1, 0, 10)).isEmpty();
  }

  @Test
  void itBeginsWhereItWasTold() {
    LogTail tail = new LogTail(1);
    tail.goneUpTo(0, 7);
    add(tail, 9, 0, 10);

    assertThat(behind(tail, 0, 6, 10)).isEmpty();
    assertThat(behind(tail, 0, 7, 10)).hasValue(List.of(9L));
    assertThat(behind(tail, 0, 9, 10)).hasValue(List.of());
  }

  @Test
  void oneRecordThatIsLargerThanTheWindowGoesAtOnce() {
    LogTail tail = new LogTail(1);
    add(tail, 1, 0, (int) LogTail.BYTES_MAX + 1);

    assertThat(behind(tail, 0, 0, 10)).isEmpty();
    assertThat(behind(tail, 0, 1, 10)).hasValue(List.of());
  }

  @Test
  void whereNobodyReadsNothingIsKeptUntilSomebodyIsAtTheEnd() {
    LogTail tail = new LogTail(2);
    add(tail, 1, 0, 10);
    tail.rest();
    add(tail, 2, 0, 10);
    tail.pass(3);
    add(tail, 4, 1, 10);

    assertThat(behind(tail, 0, 1, 10)).isEmpty();
    add(tail, 5, 0, 10);
    assertThat(behind(tail, 0, 4, 10)).as("5 came before anybody was at the end").isEmpty();
    assertThat(behind(tail, 1, 4, 10)).hasValue(List.of());
    add(tail, 6, 0, 10);

    assertThat(behind(tail, 0, 5, 10)).hasValue(List.of(6L));
    tail.rest();
    assertThat(behind(tail, 0, 5, 10)).as("somebody looked").hasValue(List.of(6L));
    tail.rest();
    tail.rest();
    assertThat(behind(tail, 0, 5, 10)).isEmpty();
    assertThat(behind(tail, 0, 6, 10)).hasValue(List.of());
  }

  @Test
  void whatAChunkSawStaysAsItWas() {
    LogTail tail = new LogTail(1);
    add(tail, 1, 0, 10);
    LogChunk chunk = tail.behind(0).orElseThrow();
    for (long number = 2; number < 3000; number++) {
      add(tail, number, 0, 4000);
    }

    List<LogRecord> found = new ArrayList<>();
    chunk.readInto(found, 0, 0, 10);

    assertThat(chunk.end()).isEqualTo(2);
    assertThat(found).hasSize(1);
    assertThat(found.get(0).message().id().value()).isEqualTo("m1");
  }
}
