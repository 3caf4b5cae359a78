package dev.ashlar.messaging.journal;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;

/** The simulated disk for the tests of engines, which know journals only; for many threads. */
public final class FaultyDisk {

  private final SimulatedDisk disk = new SimulatedDisk();

  /** Makes an empty one. */
  public FaultyDisk() {}

  /** Opens a journal on it. */
  public Journal open(DiskOptions options, TimeSource time, Observer observer) {
    return Journal.open(List.of(new Locked()), options, time, observer);
  }

  /** Lets so many more writes succeed; then they fail, until it is healed. */
  public synchronized void failAfter(int calls) {
    disk.callsUntilFailure = calls;
  }

  /** Lets writes that fail write half of their bytes. */
  public synchronized void writeShort(boolean changed) {
    disk.shortWrites = changed;
  }

  /** Lets all writes succeed again. */
  public synchronized void heal() {
    disk.callsUntilFailure = -1;
    disk.capacity = Long.MAX_VALUE;
  }

  /** Leaves no room for more than what is there. */
  public synchronized void fill() {
    disk.capacity = 0;
  }

  /** Stops the machine: of what was not forced any part may be gone. */
  public synchronized void crash(RandomGenerator random) {
    disk.crash(random);
  }

  private final class Locked implements Disk {

    @Override
    public void claim() {
      synchronized (FaultyDisk.this) {
        disk.claim();
      }
    }

    @Override
    public Path path(String name) {
      return disk.path(name);
    }

    @Override
    public List<String> names() {
      synchronized (FaultyDisk.this) {
        return disk.names();
      }
    }

    @Override
    public DiskFile open(String name, Access access) throws IOException {
      synchronized (FaultyDisk.this) {
        return new LockedFile(disk.open(name, access));
      }
    }

    @Override
    public void rename(String from, String to) throws IOException {
      synchronized (FaultyDisk.this) {
        disk.rename(from, to);
      }
    }

    @Override
    public void delete(String name) throws IOException {
      synchronized (FaultyDisk.this) {
        disk.delete(name);
      }
    }

    @Override
    public void sync() throws IOException {
      synchronized (FaultyDisk.this) {
        disk.sync();
      }
    }

    @Override
    public void close() {
      synchronized (FaultyDisk.this) {
        disk.close();
      }
    }
  }

  private final class LockedFile implements Disk.DiskFile {
    private final Disk.DiskFile file;

    LockedFile(Disk.DiskFile file) {
      this.file = file;
    }

    @Override
    public long size() throws IOException {
      synchronized (FaultyDisk.this) {
        return file.size();
      }
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) throws IOException {
      synchronized (FaultyDisk.this) {
        return file.read(position, into, offset, length);
      }
    }

    @Override
    public void write(long position, byte[] from, int offset, int length) throws IOException {
      synchronized (FaultyDisk.this) {
        file.write(position, from, offset, length);
      }
    }

    @Override
    public void writeForced(long position, byte[] from, int offset, int length) throws IOException {
      synchronized (FaultyDisk.this) {
        file.writeForced(position, from, offset, length);
      }
    }

    @Override
    public void force() throws IOException {
      synchronized (FaultyDisk.this) {
        file.force();
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      synchronized (FaultyDisk.this) {
        file.truncate(size);
      }
    }

    @Override
    public boolean stands(long size) {
      synchronized (FaultyDisk.this) {
        return file.stands(size);
      }
    }

    @Override
    public void close() throws IOException {
      synchronized (FaultyDisk.this) {
        file.close();
      }
    }
  }
}
