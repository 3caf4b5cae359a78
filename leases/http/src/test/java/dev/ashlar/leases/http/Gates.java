package dev.ashlar.leases.http;

import dev.ashlar.core.testkit.Eventually;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** Places in the service where a test stops a request. */
final class Gates {

  private final Map<String, Gate> gates = new ConcurrentHashMap<>();

  /** A place, by its name. */
  static final class Gate {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);
    private volatile boolean crashes;

    void awaitReached(Duration patience) throws Exception {
      Eventually.holds("the request at its gate", patience, () -> reached.getCount() == 0);
    }

    void open() {
      open.countDown();
    }

    /** Lets what stands at the gate end there. */
    void crash() {
      crashes = true;
      open.countDown();
    }
  }

  Gate close(String name) {
    Gate gate = new Gate();
    gates.put(name, gate);
    return gate;
  }

  void pass(String name) throws IOException {
    Gate gate = gates.get(name);
    if (gate == null) {
      return;
    }
    gate.reached.countDown();
    try {
      gate.open.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    if (gate.crashes) {
      throw new IOException("crashed at the gate");
    }
  }
}
