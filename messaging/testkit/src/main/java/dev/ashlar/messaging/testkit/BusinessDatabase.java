package dev.ashlar.messaging.testkit;

/**
 * A database with business data beside the tables of an inbox or outbox, for the contracts of both.
 *
 * <p>An adapter's tests implement it once for each database: a table of effects, and a table with
 * one row for each key to lock.
 *
 * <p><b>Threads.</b> Safe; a transaction belongs to one thread.
 *
 * @param <T> the transaction, such as {@code java.sql.Connection}
 */
public interface BusinessDatabase<T> {

  /** Begins a transaction on a connection of its own. */
  T begin() throws Exception;

  /** Commits a transaction and lets go of its connection. */
  void commit(T tx) throws Exception;

  /** Rolls a transaction back and lets go of its connection. */
  void rollback(T tx) throws Exception;

  /** Cuts the connection of a transaction, as the death of the process does that has it. */
  void crash(T tx) throws Exception;

  /** Writes one business row of that name; names may repeat. */
  void effect(T tx, String name) throws Exception;

  /** Returns how many business rows of that name are committed. */
  int effects(String name) throws Exception;

  /** Takes the lock on the business row of a key until the transaction ends, and waits for it. */
  void lock(T tx, String key) throws Exception;
}
