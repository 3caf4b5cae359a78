package dev.ashlar.leases.testkit;

/**
 * Numbers under names, in the database that the guard under test guards.
 *
 * <p><b>Threads.</b> Safe; one transaction is used by one thread at a time.
 *
 * @param <T> the transaction
 */
public interface GuardedData<T> {

  /** Begins a transaction, at the isolation that users of the guard have. */
  T begin() throws Exception;

  /** Commits and ends it. */
  void commit(T tx) throws Exception;

  /** Ends it without a trace. */
  void rollback(T tx) throws Exception;

  /** Ends it as the death of the writer's process does: without a word. */
  void crash(T tx) throws Exception;

  /** Returns the number under a name; zero if there is none. */
  long read(T tx, String name) throws Exception;

  /** Writes the number under a name. */
  void write(T tx, String name, long value) throws Exception;
}
