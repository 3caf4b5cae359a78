package dev.ashlar.core.testkit.world;

import dev.ashlar.core.TimeSource.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The timers of one place, each at a moment of the place's own elapsed clock. */
final class Timers {

  /** Longer than any run, and short enough to calculate with. */
  private static final Duration LONGEST = Duration.ofDays(3650);

  private final Agenda agenda;
  private final Clock clock;
  private final Bell due;
  private final Set<Alarm> alarms = new LinkedHashSet<>();
  private final Map<String, Alarm> named = new HashMap<>();

  /**
   * Makes timers.
   *
   * @param due is told of each that has run out, and sees to it that it rings
   */
  Timers(Agenda agenda, Clock clock, Bell due) {
    this.agenda = agenda;
    this.clock = clock;
    this.due = due;
  }

  void set(String name, Duration delay, Work work) {
    cancel(name);
    named.put(name, add(name, delay, work));
  }

  void cancel(String name) {
    Alarm alarm = named.remove(name);
    if (alarm != null) {
      boolean unused = alarm.cancel();
    }
  }

  Alarm add(String name, Duration delay, Work work) {
    Duration bounded = delay.compareTo(LONGEST) < 0 ? delay : LONGEST;
    long length = Math.max(0, bounded.toNanos());
    Alarm alarm = new Alarm(name, clock.elapsed(agenda.now()) + length, work);
    alarms.add(alarm);
    alarm.enter();
    return alarm;
  }

  /** The clock goes another way: what has not run out yet gets another moment. */
  void followClock() {
    for (Alarm alarm : alarms) {
      if (!alarm.isDue) {
        alarm.leave();
        alarm.enter();
      }
    }
  }

  void clear() {
    List<Alarm> all = new ArrayList<>(alarms);
    all.forEach(Alarm::cancel);
    named.clear();
  }

  /** Is told of what has run out. */
  @FunctionalInterface
  interface Bell {
    void ring(Alarm alarm) throws Exception;
  }

  /** One timer, from when it is set until it rings or is cancelled. */
  final class Alarm implements Timer {
    private final String name;
    private final long elapsed;
    private final Work work;
    private Agenda.@Nullable Entry entry;
    private boolean isDue;

    private Alarm(String name, long elapsed, Work work) {
      this.name = name;
      this.elapsed = elapsed;
      this.work = work;
    }

    String name() {
      return name;
    }

    private void enter() {
      long moment = clock.momentOf(elapsed, agenda.now());
      if (moment != Long.MAX_VALUE) {
        entry =
            agenda.at(
                moment,
                () -> {
                  isDue = true;
                  due.ring(this);
                });
      }
    }

    private void leave() {
      if (entry != null) {
        entry.cancel();
      }
    }

    /** Returns whether it is still to ring; it may be cancelled while its place is paused. */
    boolean isSet() {
      return alarms.contains(this);
    }

    void ring() throws Exception {
      alarms.remove(this);
      named.remove(name, this);
      work.run();
    }

    @Override
    public boolean cancel() {
      leave();
      return alarms.remove(this);
    }
  }
}
