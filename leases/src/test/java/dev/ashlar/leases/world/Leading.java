package dev.ashlar.leases.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The log of a leader, whose term is its token: terms never fall along the log, and what was
 * acknowledged stays where it is for ever.
 */
final class Leading implements Workload<List<Leading.Entry>> {

  private static final String LOG = "log";

  private List<Entry> committed = List.of();
  private int commands;

  /** What a leader of that term has written. */
  record Entry(long term, int command) {}

  @Override
  public List<String> resources() {
    return List.of(LOG);
  }

  @Override
  public List<Entry> empty() {
    return List.of();
  }

  @Override
  public Job<List<Entry>> job(String worker, long token) {
    return contents -> {
      List<Entry> longer = new ArrayList<>(contents.getOrDefault(LOG, List.of()));
      longer.add(new Entry(token, ++commands));
      List<Entry> log = List.copyOf(longer);
      return new Change<>(LOG, log, () -> acknowledged(log));
    };
  }

  private void acknowledged(List<Entry> log) {
    committed = log.size() > committed.size() ? log : committed;
  }

  @Override
  public void applied(String resource, long token, List<Entry> log) {
    int last = log.size() - 1;
    if (last > 0 && log.get(last - 1).term() > log.get(last).term()) {
      throw new AssertionError("log: " + log.get(last) + " after " + log.get(last - 1));
    }
    checkCommitted(log);
  }

  private void checkCommitted(List<Entry> log) {
    if (log.size() < committed.size() || !log.subList(0, committed.size()).equals(committed)) {
      int same = 0;
      while (same < log.size() && log.get(same).equals(committed.get(same))) {
        same++;
      }
      throw new AssertionError("log: lost " + committed.get(same) + ", which was acknowledged");
    }
  }

  @Override
  public void end(Map<String, List<Entry>> contents) {
    checkCommitted(contents.getOrDefault(LOG, List.of()));
  }
}
