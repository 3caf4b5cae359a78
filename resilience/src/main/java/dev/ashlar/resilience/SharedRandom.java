package dev.ashlar.resilience;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/** Lets one thread at a time draw from a generator that may not be safe. */
final class SharedRandom implements RandomGenerator {

  private final RandomGenerator random;
  private final ReentrantLock lock = new ReentrantLock();

  SharedRandom(RandomGenerator random) {
    this.random = requireNonNull(random, "random");
  }

  @Override
  public long nextLong() {
    lock.lock();
    try {
      return random.nextLong();
    } finally {
      lock.unlock();
    }
  }
}
