package stranger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.testkit.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PatienceTest {

  @Test
  void timeIsMovedByHandInAStrangersTestToo() {
    ManualTime time = ManualTime.create();
    Deadline tea = new Patience(time).untilTea();

    time.advance(Duration.ofMinutes(3));

    assertEquals(Duration.ofMinutes(1), tea.remaining());
  }
}
