package dev.ashlar.leases.testkit;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.leases.guard.FileFloor;
import dev.ashlar.leases.guard.FileFloor.Transaction;
import dev.ashlar.leases.guard.Floor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The floor in files keeps the contract of guards. */
@Subject("guard-file")
class FileGuardTest extends FloorContract<Transaction> {

  @TempDir Path folder;

  @Override
  protected GuardedData<Transaction> data() {
    return new FileData(folder);
  }

  /** Each has nothing but the folder, as after a restart. */
  @Override
  protected Floor<Transaction> floor() {
    return FileFloor.of(folder, Observer.none());
  }

  @Override
  protected void restartResource() {}

  @Override
  protected void forgetClaim(String resource) throws IOException {
    Files.delete(folder.resolve(".ashlar-fence").resolve(resource + ".floor"));
  }

  @Override
  protected TimeSource time() {
    return TimeSource.system();
  }
}
