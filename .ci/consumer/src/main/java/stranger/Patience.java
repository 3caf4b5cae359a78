package stranger;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.time.Duration;

/** Uses what came along with the blocks: core, which the pom does not name. */
public final class Patience {

  private final TimeSource time;

  public Patience(TimeSource time) {
    this.time = time;
  }

  public Deadline untilTea() {
    return Deadline.after(Duration.ofMinutes(4), time);
  }

  public static void main(String[] args) {
    System.out.println(new Patience(TimeSource.system()).untilTea().remaining());
  }
}
