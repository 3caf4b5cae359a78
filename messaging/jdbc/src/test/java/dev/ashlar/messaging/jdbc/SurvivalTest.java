package dev.ashlar.messaging.jdbc;

import static dev.ashlar.messaging.jdbc.Fixtures.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ashlar.core.Observer;
import dev.ashlar.messaging.Guarantees.Survival;
import dev.ashlar.messaging.MessageQueue.Depth;
import dev.ashlar.messaging.QueueOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That a queue says of itself what its database really survives. */
class SurvivalTest {

  private static final int SENT = 50;

  @TempDir Path folder;

  private static JdbcQueue queue(TestDatabase database) {
    return JdbcQueue.of(
        database.source(), "survivor", QueueOptions.capacity(100), Fixtures.TIME, Observer.none());
  }

  private static Survival confirmed(TestDatabase database) {
    return queue(database).guarantees().confirmed();
  }

  @Test
  void h2InMemoryOrWithDelayedWritesDiesWithItsProcess() {
    assertThat(confirmed(TestDatabase.freshH2(""))).isEqualTo(Survival.PROCESS_LIFETIME);
    assertThat(confirmed(TestDatabase.freshH2(";WRITE_DELAY=0")))
        .isEqualTo(Survival.PROCESS_LIFETIME);
    assertThat(confirmed(TestDatabase.h2In(folder, ""))).isEqualTo(Survival.PROCESS_LIFETIME);
  }

  @Test
  void aProcessThatIsKilledLosesNothingThatH2WroteAtEachCommit() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Sender.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    awaitLine(child, "sent");
    child.destroyForcibly();
    assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();

    TestDatabase database = TestDatabase.h2In(folder, ";WRITE_DELAY=0");

    assertThat(confirmed(database)).isEqualTo(Survival.PROCESS_DEATH);
    assertThat(queue(database).depth(soon())).isEqualTo(new Depth(SENT, 0, 0));
    database.source().close();
  }

  private static void awaitLine(Process child, String expected) throws IOException {
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(output.readLine()).isEqualTo(expected);
    }
  }

  /** The process that is killed, with {@code kill -9}, when it has sent. */
  static final class Sender {
    private Sender() {}

    /** Sends, says so and waits to be killed. */
    public static void main(String[] arguments) throws InterruptedException {
      JdbcQueue queue = queue(TestDatabase.h2In(Path.of(arguments[0]), ";WRITE_DELAY=0"));
      for (int i = 0; i < SENT; i++) {
        queue.send(Fixtures.message("" + i), soon());
      }
      System.out.println("sent");
      Fixtures.TIME.sleep(Fixtures.PATIENCE);
    }
  }

  @Test
  @Tag("engine")
  void aServerOutlivesItsClients() {
    assertThat(confirmed(TestDatabase.postgresql())).isEqualTo(Survival.PROCESS_DEATH);
  }

  @Test
  void aPayloadThatH2CannotStoreIsRefusedWhenTheQueueIsOpened() {
    QueueOptions options =
        QueueOptions.capacity(1).withPayloadMaxBytes(JdbcSchema.H2_BYTES_MAX + 1);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fixtures.queue(TestDatabase.h2(), options, Observer.none()))
        .withMessage("payloadMaxBytes: 1048577 (expected: on H2 at most 1048576)");
  }
}
