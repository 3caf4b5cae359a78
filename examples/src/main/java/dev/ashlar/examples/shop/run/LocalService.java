package dev.ashlar.examples.shop.run;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.shop.log.ServiceLog;
import dev.ashlar.examples.shop.service.Service;
import dev.ashlar.examples.shop.service.Step;
import dev.ashlar.examples.shop.service.Strategy;
import java.time.Duration;
import java.util.OptionalLong;

/** One start of a service in this process, with connections of its own that can be cut. */
final class LocalService {

  private static final Duration UNWIND_MAX = Duration.ofSeconds(20);

  private final Service service;
  private final Lifeline lifeline;
  private final Connections database;
  private final Connections broker;
  private final ServiceLog log;
  private final RunningService running;
  private final TimeSource time;

  /**
   * Starts.
   *
   * @param onDeath runs once, in the thread that comes to the step
   */
  LocalService(
      Service service, Strategy strategy, int start, World world, Deaths deaths, Runnable onDeath) {
    this.service = service;
    this.time = world.time();
    lifeline = new Lifeline(service.label(), time);
    database = new Connections(H2Files.open(world.folder(), service.label(), ""), lifeline);
    broker = new Connections(H2Files.open(world.folder(), H2Files.BROKER, ""), lifeline);
    log = world.logs().ofOrders(service.label(), lifeline::isCut);
    Queues queues =
        new Queues(broker.asSource(), world.schedule(), log.watch(world.log()), log, time);
    Step.Listener steps =
        (step, orderNumber) -> {
          lifeline.requireAlive();
          if (deaths.isDue(service, step, orderNumber)) {
            lifeline.cut();
            onDeath.run();
            lifeline.requireAlive();
          }
        };
    running =
        RunningService.start(
            service,
            strategy,
            new RunningService.Start(String.valueOf(start), database.asSource(), log.watch(steps)),
            queues,
            world.addresses());
    running.port().ifPresent(port -> world.addresses().put(service, port));
  }

  boolean isDead() {
    return lifeline.isCut();
  }

  OptionalLong unsent(Deadline deadline) throws InterruptedException {
    try {
      return isDead() ? OptionalLong.empty() : OptionalLong.of(running.unsent(deadline));
    } catch (BackendException | ServiceDied e) {
      return OptionalLong.empty();
    }
  }

  /** Waits until nothing of the dead is left but its file. */
  void bury() throws InterruptedException {
    running.hangUp();
    if (!lifeline.awaitAllGivenBack(Deadline.after(UNWIND_MAX, time))) {
      throw new IllegalStateException(service.label() + ": still connected after its death");
    }
    release();
  }

  void close() {
    if (!isDead()) {
      running.close();
    }
    release();
  }

  /** The file is closed with its last connection. */
  private void release() {
    database.close();
    broker.close();
    log.close();
  }
}
