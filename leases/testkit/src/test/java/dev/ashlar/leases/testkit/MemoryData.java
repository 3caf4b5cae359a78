package dev.ashlar.leases.testkit;

import dev.ashlar.leases.guard.MemoryFloor;
import dev.ashlar.leases.guard.MemoryFloor.Transaction;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Numbers in memory; what a transaction writes is seen by others once it is committed. */
final class MemoryData implements GuardedData<Transaction> {

  private MemoryFloor floor;
  private final Map<String, Long> committed = new HashMap<>();
  private final Map<Transaction, Map<String, Long>> writes = new HashMap<>();

  MemoryData(MemoryFloor floor) {
    this.floor = floor;
  }

  /** From now on the data lie beside another floor. */
  synchronized void moveTo(MemoryFloor other) {
    floor = other;
  }

  @Override
  public synchronized Transaction begin() {
    return floor.begin();
  }

  @Override
  public synchronized void commit(Transaction tx) {
    committed.putAll(Optional.ofNullable(writes.remove(tx)).orElse(Map.of()));
    tx.close();
  }

  @Override
  public synchronized void rollback(Transaction tx) {
    writes.remove(tx);
    tx.close();
  }

  @Override
  public void crash(Transaction tx) {
    rollback(tx);
  }

  @Override
  public synchronized long read(Transaction tx, String name) {
    long value = committed.getOrDefault(name, 0L);
    return writes.getOrDefault(tx, Map.of()).getOrDefault(name, value);
  }

  @Override
  public synchronized void write(Transaction tx, String name, long value) {
    writes.computeIfAbsent(tx, key -> new HashMap<>()).put(name, value);
  }
}
