package dev.ashlar.examples.benchmarks.leases;

import dev.ashlar.core.Deadline;
import dev.ashlar.examples.benchmarks.Figures;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What each request of a holder costs: trips over the wire, and transactions that the server
 * forces. One thread does everything in turn, over and over; each figure is the median.
 */
final class Counts {

  /** Connections are made, statements prepared, rows and nodes there. */
  private static final int WARM_UP_TURNS = 20;

  private final Locks locks;
  private final LockServer server;
  private final Wire wire;
  private final Deadline deadline;
  private final Map<String, List<Long>> counted = new LinkedHashMap<>();

  Counts(Locks locks, LockServer server, Wire wire, Deadline deadline) {
    this.locks = locks;
    this.server = server;
    this.wire = wire;
    this.deadline = deadline;
  }

  Figures measure(int turns) throws Exception {
    for (int i = 0; i < WARM_UP_TURNS; i++) {
      turn();
    }
    counted.clear();
    for (int i = 0; i < turns; i++) {
      turn();
    }
    Figures figures = Figures.of(median("acquire: round trips") + median("release: round trips"));
    for (String name : counted.keySet()) {
      figures = figures.with(name, median(name));
    }
    return figures;
  }

  private void turn() throws Exception {
    List<Locks.Hold> held = new ArrayList<>();
    count("acquire", () -> held.add(locks.acquire("counted", deadline)));
    Locks.Hold hold = held.get(0);
    count("claim", () -> hold.claim(deadline));
    count("guarded write", () -> hold.write(deadline));
    count("renew", () -> hold.renew(deadline));
    count(
        "release",
        () -> {
          hold.release(deadline);
          return true;
        });
  }

  @FunctionalInterface
  private interface Request {

    /** Returns whether the peer knows such a request. */
    boolean make() throws Exception;
  }

  private void count(String name, Request request) throws Exception {
    long writesBefore = server.load().writes();
    long tripsBefore = wire.trips();
    boolean made = request.make();
    long trips = wire.trips() - tripsBefore;
    long writes = server.load().writes() - writesBefore;
    if (made) {
      add(name + ": round trips", trips);
      add(name + ": forced writes", writes);
    }
  }

  private void add(String name, long count) {
    counted.computeIfAbsent(name, one -> new ArrayList<>()).add(count);
  }

  private double median(String name) {
    List<Long> sorted = new ArrayList<>(counted.getOrDefault(name, List.of()));
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
