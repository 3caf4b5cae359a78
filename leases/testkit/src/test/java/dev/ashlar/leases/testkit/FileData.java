package dev.ashlar.leases.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.guard.FileFloor;
import dev.ashlar.leases.guard.FileFloor.Transaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/** Numbers in files, one in each. */
record FileData(Path folder) implements GuardedData<Transaction> {

  @Override
  public Transaction begin() {
    return FileFloor.of(folder, Observer.none())
        .begin(Deadline.after(Duration.ofSeconds(30), TimeSource.system()));
  }

  @Override
  public void commit(Transaction tx) {
    try (tx) {
      tx.commit();
    }
  }

  @Override
  public void rollback(Transaction tx) {
    tx.close();
  }

  /** The system takes the lock from a dead process; here that is all that can be taken. */
  @Override
  public void crash(Transaction tx) {
    tx.close();
  }

  @Override
  public long read(Transaction tx, String name) throws IOException {
    try {
      return Long.parseLong(Files.readString(folder.resolve(name)));
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  @Override
  public void write(Transaction tx, String name, long value) throws IOException {
    Files.writeString(tx.stage(name), Long.toString(value));
  }
}
