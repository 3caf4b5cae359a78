package dev.ashlar.leases.testkit;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.leases.detect.FailureDetector;
import dev.ashlar.leases.detect.Heartbeat;
import dev.ashlar.leases.detect.Members;
import dev.ashlar.leases.detect.Membership;
import dev.ashlar.leases.detect.PauseMonitor;
import dev.ashlar.leases.detect.Suspicion;
import dev.ashlar.leases.detect.Suspicion.Verdict;
import java.time.Duration;
import java.util.Set;

/** One process that watches others, on clocks that are moved by hand. */
abstract class DetectorFixture extends Contract {

  /** How often heartbeats are sent and a process looks at its own clocks. */
  static final Duration ROUND = Duration.ofSeconds(1);

  /** The longest silence that may go unnoticed, after an even rhythm of rounds. */
  static final Duration NOTICED_WITHIN = Duration.ofSeconds(30);

  /**
   * Opens a detector that watches nobody yet. Heartbeats will come once a second; a silence of half
   * a minute must be too long, and one of three seconds must not.
   *
   * @param local is ticked by the detector, once a second
   * @param time the detector's clocks
   */
  protected abstract FailureDetector<String> detector(PauseMonitor local, TimeSource time);

  /** Gives a membership what has arrived. */
  protected boolean receive(Membership membership, String from, String of, Heartbeat number) {
    return membership.received(from, of, number);
  }

  /** Asks a membership for its view. */
  protected Members view(Membership membership) {
    return membership.members();
  }

  @Override
  protected Set<String> guarantees() {
    return Set.of();
  }

  static PauseMonitor monitor(TimeSource time) {
    return PauseMonitor.of(ROUND, ROUND, time, Observer.none());
  }

  /** A process that watches node b. */
  final class Watcher {
    final ManualTime time;
    final FailureDetector<String> detector;
    Heartbeat last = Heartbeat.first(7);

    Watcher() {
      this(ManualTime.nearOverflow());
    }

    Watcher(ManualTime time) {
      this.time = time;
      this.detector = detector(monitor(time), time);
      detector.watch("b");
    }

    /** Lets time pass in which this process runs. */
    void pass(Duration length) {
      Duration left = length;
      while (!left.isZero()) {
        Duration step = left.compareTo(ROUND) < 0 ? left : ROUND;
        time.advance(step);
        detector.tick();
        left = left.minus(step);
      }
    }

    boolean hear() {
      last = last.next();
      return detector.heartbeat("b", last);
    }

    void hearSteadily(int rounds, Duration gap) {
      for (int i = 0; i < rounds; i++) {
        pass(gap);
        boolean unused = hear();
      }
    }

    Suspicion suspicion() {
      return detector.suspicion("b");
    }

    Verdict verdict() {
      return suspicion().verdict();
    }

    /** Returns how long a silence takes to be noticed. */
    Duration noticing() {
      Duration step = Duration.ofMillis(100);
      Duration silence = Duration.ZERO;
      while (verdict() != Verdict.SUSPECTED && silence.compareTo(NOTICED_WITHIN) < 0) {
        pass(step);
        silence = silence.plus(step);
      }
      return silence;
    }
  }
}
