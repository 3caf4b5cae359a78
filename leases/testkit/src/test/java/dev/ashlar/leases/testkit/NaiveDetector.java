package dev.ashlar.leases.testkit;

import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.detect.FailureDetector;
import dev.ashlar.leases.detect.Heartbeat;
import dev.ashlar.leases.detect.Suspicion;
import dev.ashlar.leases.detect.Suspicion.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A detector as one writes it in an afternoon: a timeout, and no thought of this process. */
class NaiveDetector implements FailureDetector<String> {

  private static final long TIMEOUT_NANOS = Duration.ofSeconds(5).toNanos();

  final TimeSource time;
  final Map<String, Long> since = new HashMap<>();
  final Map<String, Heartbeat> numbers = new HashMap<>();

  NaiveDetector(TimeSource time) {
    this.time = time;
  }

  long now() {
    return time.nanos();
  }

  boolean counts(String node, Heartbeat number) {
    Heartbeat last = numbers.get(node);
    return last == null || number.isAfter(last);
  }

  void learn(String node, long gapNanos) {}

  double level(String node, long silenceNanos) {
    return Math.max(0, (double) silenceNanos / TIMEOUT_NANOS);
  }

  boolean isTooMuch(double level) {
    return level >= 1;
  }

  long silence(String node) {
    return now() - since.getOrDefault(node, now());
  }

  @Override
  public void watch(String node) {
    since.putIfAbsent(node, now());
  }

  @Override
  public void forget(String node) {
    since.remove(node);
    numbers.remove(node);
  }

  @Override
  public boolean heartbeat(String node, Heartbeat number) {
    if (!since.containsKey(node) || !counts(node, number)) {
      return false;
    }
    learn(node, silence(node));
    since.put(node, now());
    numbers.put(node, number);
    return true;
  }

  @Override
  public void tick() {}

  @Override
  public Suspicion suspicion(String node) {
    double level = level(node, silence(node));
    Verdict quiet = numbers.containsKey(node) ? Verdict.ALIVE : Verdict.UNKNOWN;
    return new Suspicion(
        level, Duration.ofNanos(silence(node)), isTooMuch(level) ? Verdict.SUSPECTED : quiet);
  }

  /** With phi as one writes it in another afternoon. */
  static class Phi extends NaiveDetector {
    private final Map<String, List<Double>> gaps = new HashMap<>();
    private final double stdDevMin;

    Phi(TimeSource time, double stdDevMin) {
      super(time);
      this.stdDevMin = stdDevMin;
    }

    @Override
    void learn(String node, long gapNanos) {
      gaps.computeIfAbsent(node, added -> new ArrayList<>()).add(gapNanos / 1e9);
    }

    @Override
    double level(String node, long silenceNanos) {
      List<Double> all = gaps.getOrDefault(node, List.of(1.0));
      double mean = all.stream().mapToDouble(gap -> gap).average().orElse(1);
      double variance =
          all.stream().mapToDouble(gap -> (gap - mean) * (gap - mean)).average().orElse(0);
      double deviation = Math.max(stdDevMin, Math.sqrt(variance));
      double y = (silenceNanos / 1e9 - mean - 3) / deviation;
      double curve = Math.exp(-y * (1.5976 + 0.070566 * y * y));
      return -Math.log10(tail(curve)) + 0.0;
    }

    double tail(double curve) {
      return 1 / (1 + 1 / curve);
    }

    @Override
    boolean isTooMuch(double level) {
      return level >= 8;
    }
  }
}
