package dev.ashlar.leases.testkit;

import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.detect.FailureDetector;
import dev.ashlar.leases.detect.Heartbeat;
import dev.ashlar.leases.detect.Members;
import dev.ashlar.leases.detect.Membership;
import dev.ashlar.leases.detect.PauseMonitor;
import dev.ashlar.leases.detect.Suspicion;
import dev.ashlar.leases.detect.Suspicion.Verdict;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Detectors with a mistake. */
final class DetectorTwins {

  private DetectorTwins() {}

  /** Never asks whether this process itself stood still. */
  static class NoLocalHealthTwin extends DetectorContract {
    @Override
    protected FailureDetector<String> detector(PauseMonitor local, TimeSource time) {
      return new NaiveDetector(time);
    }
  }

  /** Measures silence by the wall clock. */
  static class WallClockSilenceTwin extends DetectorContract {
    @Override
    protected FailureDetector<String> detector(PauseMonitor local, TimeSource time) {
      return new NaiveDetector(time) {
        @Override
        long now() {
          return time.wallTime().toEpochMilli() * 1_000_000;
        }
      };
    }
  }

  /** Counts whatever comes. */
  static class CountsCopiesTwin extends DetectorContract {
    @Override
    protected FailureDetector<String> detector(PauseMonitor local, TimeSource time) {
      return new NaiveDetector(time) {
        @Override
        boolean counts(String node, Heartbeat number) {
          return true;
        }
      };
    }
  }

  /** Counts whoever brings it. */
  static class CountsRelayedTwin extends HeartbeatDetectorTest {
    @Override
    protected boolean receive(Membership membership, String from, String of, Heartbeat number) {
      return membership.received(of, of, number);
    }
  }

  /** Does not count a life that begins at one again. */
  static class IgnoresIncarnationTwin extends DetectorContract {
    @Override
    protected FailureDetector<String> detector(PauseMonitor local, TimeSource time) {
      return new NaiveDetector(time) {
        @Override
        boolean counts(String node, Heartbeat number) {
          Heartbeat last = numbers.get(node);
          return last == null || number.sequence() > last.sequence();
        }
      };
    }
  }

  /** Says nothing of a node before it was heard. */
  static class WaitsForTheFirstTwin extends DetectorContract {
    @Override
    protected FailureDetector<String> detector(PauseMonitor local, TimeSource time) {
      return new NaiveDetector(time) {
        @Override
        long silence(String node) {
          return numbers.containsKey(node) ? super.silence(node) : 0;
        }
      };
    }
  }

  /** Never takes a suspicion back. */
  static class NeverForgivesTwin extends DetectorContract {
    @Override
    protected FailureDetector<String> detector(PauseMonitor local, TimeSource time) {
      Set<String> suspected = new HashSet<>();
      return new NaiveDetector(time) {
        @Override
        public Suspicion suspicion(String node) {
          Suspicion now = super.suspicion(node);
          if (now.verdict() == Verdict.SUSPECTED || suspected.contains(node)) {
            suspected.add(node);
            return new Suspicion(now.level(), now.sinceLast(), Verdict.SUSPECTED);
          }
          return now;
        }
      };
    }
  }

  /** Begins to count the silence anew after a pause here. */
  static class CountsAnewTwin extends DetectorContract {
    @Override
    protected FailureDetector<String> detector(PauseMonitor local, TimeSource time) {
      return new NaiveDetector(time) {
        @Override
        long silence(String node) {
          return Math.min(super.silence(node), local.runningFor().toNanos());
        }

        @Override
        public void tick() {
          local.tick();
        }
      };
    }
  }

  /** Divides by a deviation that an even rhythm does not have. */
  static class NoLeastDeviationTwin extends DetectorContract {
    @Override
    protected FailureDetector<String> detector(PauseMonitor local, TimeSource time) {
      return new NaiveDetector.Phi(time, 0);
    }
  }

  /** Takes the logarithm of one minus something, which is zero far out. */
  static class OneMinusTwin extends DetectorContract {
    @Override
    protected FailureDetector<String> detector(PauseMonitor local, TimeSource time) {
      return new NaiveDetector.Phi(time, 0.1) {
        @Override
        double tail(double curve) {
          return 1 - 1 / (1 + curve);
        }
      };
    }
  }

  /** Takes an outage for the node's rhythm. */
  static class LearnsOutagesTwin extends DetectorContract {
    @Override
    protected FailureDetector<String> detector(PauseMonitor local, TimeSource time) {
      return new NaiveDetector.Phi(time, 0.1) {
        @Override
        double level(String node, long silenceNanos) {
          return Math.min(1e6, super.level(node, silenceNanos));
        }
      };
    }
  }

  /** Counts whatever comes, whoever brings it. */
  static class CountsAnythingTwin extends CountsCopiesTwin {
    @Override
    protected boolean receive(Membership membership, String from, String of, Heartbeat number) {
      return membership.received(of, of, number);
    }
  }

  /** Numbers looks, not views. */
  static class NumbersLooksTwin extends HeartbeatDetectorTest {
    private final AtomicLong looks = new AtomicLong();

    @Override
    protected Members view(Membership membership) {
      return new Members(looks.incrementAndGet(), membership.members().up());
    }
  }
}
