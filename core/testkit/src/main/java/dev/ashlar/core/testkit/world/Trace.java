package dev.ashlar.core.testkit.world;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** The last events of a run in words, if somebody wants to know. */
final class Trace {

  private static final int LINES_MAX = 40;

  private final Agenda agenda;
  private final boolean isOn;
  private final Deque<String> lines = new ArrayDeque<>();

  Trace(Agenda agenda, boolean isOn) {
    this.agenda = agenda;
    this.isOn = isOn;
  }

  /** Returns whether words are of use: they cost more than the events. */
  boolean isOn() {
    return isOn;
  }

  void add(String who, String what) {
    if (isOn) {
      if (lines.size() == LINES_MAX) {
        lines.remove();
      }
      lines.add(String.format(Locale.ROOT, "%14.9f  %-8s %s", agenda.now() / 1e9, who, what));
    }
  }

  List<String> lines() {
    return List.copyOf(lines);
  }
}
