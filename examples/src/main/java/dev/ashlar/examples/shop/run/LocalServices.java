package dev.ashlar.examples.shop.run;

import dev.ashlar.core.Deadline;
import dev.ashlar.examples.shop.service.Service;
import dev.ashlar.examples.shop.service.Strategy;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * All services in this process. A service that dies loses its connections and all its threads, and
 * is started again from its file.
 */
final class LocalServices implements Services {

  private final Strategy strategy;
  private final World world;
  private final Deaths deaths;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Service, LocalService> services = new EnumMap<>(Service.class);
  private final Thread supervisor = new Thread(this::supervise, "supervisor");
  private int starts;
  private boolean closing;
  private @Nullable String failure;

  private LocalServices(Strategy strategy, World world) {
    this.strategy = strategy;
    this.world = world;
    this.deaths = new Deaths(world.schedule(), world.log());
  }

  static LocalServices start(Strategy strategy, World world) {
    LocalServices all = new LocalServices(strategy, world);
    for (Service service : Service.values()) {
      all.put(service, all.open(service));
    }
    all.supervisor.setDaemon(true);
    all.supervisor.start();
    return all;
  }

  private LocalService open(Service service) {
    return new LocalService(service, strategy, ++starts, world, deaths, this::wake);
  }

  private void put(Service service, LocalService started) {
    lock.lock();
    try {
      services.put(service, started);
    } finally {
      lock.unlock();
    }
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void supervise() {
    try {
      Optional<Service> dead = awaitDeath();
      while (dead.isPresent()) {
        Service service = dead.get();
        get(service).bury();
        put(service, open(service));
        dead = awaitDeath();
      }
    } catch (InterruptedException | RuntimeException e) {
      fail(e);
    }
  }

  private Optional<Service> awaitDeath() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closing) {
        for (Map.Entry<Service, LocalService> each : services.entrySet()) {
          if (each.getValue().isDead()) {
            return Optional.of(each.getKey());
          }
        }
        changed.await();
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private void fail(Exception e) {
    lock.lock();
    try {
      failure = "restart: " + e;
    } finally {
      lock.unlock();
    }
  }

  private LocalService get(Service service) {
    lock.lock();
    try {
      LocalService started = services.get(service);
      if (started == null) {
        throw new IllegalStateException(service.label() + ": not started");
      }
      return started;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public OptionalLong unsent(Service service, Deadline deadline) throws InterruptedException {
    return get(service).unsent(deadline);
  }

  @Override
  public Optional<String> failure() {
    lock.lock();
    try {
      return Optional.ofNullable(failure);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      supervisor.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    services.values().forEach(LocalService::close);
  }
}
