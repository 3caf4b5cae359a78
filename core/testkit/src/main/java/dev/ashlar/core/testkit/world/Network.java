package dev.ashlar.core.testkit.world;

import dev.ashlar.core.testkit.world.Fault.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Carries messages between places: in order and for certain, but for the faults that go on. */
final class Network<M> {

  // What a draw is for, so that one answer says nothing about another.
  private static final long TRANSIT = 1;
  private static final long LOST = 2;
  private static final long AGAIN = 3;
  private static final long LATER = 4;
  private static final long ORDER = 5;

  private final Agenda agenda;
  private final Trace trace;
  private final long seed;
  private final long transitLeast;
  private final long transitSpread;
  private final List<Fault> faults = new ArrayList<>();
  private final Map<Place<M>, Map<Place<M>, Link>> links = new HashMap<>();

  Network(Agenda agenda, Trace trace, long seed, Transit transit) {
    this.agenda = agenda;
    this.trace = trace;
    this.seed = seed;
    this.transitLeast = transit.least().toNanos();
    this.transitSpread = transit.most().toNanos() - transitLeast + 1;
  }

  void begin(Fault fault) {
    faults.add(fault);
  }

  void end(Fault fault) {
    faults.remove(fault);
  }

  void send(Place<M> from, Place<M> to, M message) {
    if (trace.isOn()) {
      trace.add(from.name(), "-> " + to.name() + "  " + message);
    }
    Link link = link(from, to);
    long draw = Chance.mix(link.seed, link.sent++);
    long arrival = arrival(link, draw, from, to);
    if (isLost(draw, from, to)) {
      trace.add("network", "loses it");
      return;
    }
    arrive(arrival, from, to, message);
    for (Fault fault : faults) {
      if (fault instanceof Fault.Duplication duplication
          && meets(duplication.route(), from, to)
          && Chance.unit(Chance.mix(draw, AGAIN)) < duplication.share()) {
        long later = Chance.below(Chance.mix(draw, LATER), duplication.later().toNanos());
        arrive(Math.max(arrival, prompt(draw) + later), from, to, message);
      }
    }
  }

  private Link link(Place<M> from, Place<M> to) {
    return links
        .computeIfAbsent(from, place -> new HashMap<>())
        .computeIfAbsent(
            to, place -> new Link(Chance.mix(Chance.mix(seed, from.name()), to.name())));
  }

  /** Returns when a message arrives that no fault makes late. */
  private long prompt(long draw) {
    return agenda.now() + transitLeast + Chance.below(Chance.mix(draw, TRANSIT), transitSpread);
  }

  /** Of several faults that make it late the worst counts: so none is felt for long after all. */
  private long arrival(Link link, long draw, Place<M> from, Place<M> to) {
    long late = 0;
    boolean inOrder = true;
    for (Fault fault : faults) {
      if (fault instanceof Fault.Delay delay && meets(delay.route(), from, to)) {
        late = Math.max(late, delay.by().toNanos());
      } else if (fault instanceof Fault.Reordering reordering
          && meets(reordering.route(), from, to)) {
        long by = Chance.below(Chance.mix(draw, ORDER), reordering.by().toNanos());
        late = Math.max(late, by);
        inOrder = false;
      }
    }
    long arrival = prompt(draw) + late;
    if (inOrder) {
      arrival = Math.max(arrival, link.lastArrival);
      link.lastArrival = arrival;
    }
    return arrival;
  }

  private boolean isLost(long draw, Place<M> from, Place<M> to) {
    for (Fault fault : faults) {
      if (fault instanceof Fault.Loss loss
          && meets(loss.route(), from, to)
          && Chance.unit(Chance.mix(draw, LOST)) < loss.share()) {
        return true;
      }
    }
    return isCut(from, to);
  }

  private boolean isCut(Place<M> from, Place<M> to) {
    for (Fault fault : faults) {
      if (fault instanceof Fault.Cut cut && meets(cut.route(), from, to)) {
        return true;
      }
    }
    return false;
  }

  private static boolean meets(Route route, Place<?> from, Place<?> to) {
    return route.meets(from.name(), to.name());
  }

  private void arrive(long moment, Place<M> from, Place<M> to, M message) {
    agenda.at(
        moment,
        () -> {
          if (isCut(from, to)) {
            if (trace.isOn()) {
              trace.add("network", "loses " + message + " on its way to " + to.name());
            }
          } else {
            to.deliver(from.name(), message);
          }
        });
  }

  /** How long messages take. */
  record Transit(Duration least, Duration most) {}

  /** What goes from one place to another. */
  private static final class Link {
    private final long seed;
    private long sent;
    private long lastArrival;

    Link(long seed) {
      this.seed = seed;
    }
  }
}
