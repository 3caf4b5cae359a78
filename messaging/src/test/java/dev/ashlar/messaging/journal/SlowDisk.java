package dev.ashlar.messaging.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A disk that does not answer one of its requests until it is told to. */
final class SlowDisk implements Disk {

  /** Which requests can be held up. */
  enum Request {
    WRITE,
    DELETE
  }

  private record Hold(Request request, CountDownLatch reached, CountDownLatch release) {}

  private final SimulatedDisk disk;
  private volatile Hold hold =
      new Hold(Request.WRITE, new CountDownLatch(0), new CountDownLatch(0));

  SlowDisk(SimulatedDisk disk) {
    this.disk = disk;
  }

  /** The next request of this kind is not answered before {@link #release}. */
  void holdUp(Request request) {
    hold = new Hold(request, new CountDownLatch(1), new CountDownLatch(1));
  }

  /** Waits until somebody is held up. */
  void awaitHeldUp() throws InterruptedException {
    hold.reached.await();
  }

  void release() {
    hold.release.countDown();
  }

  private void pass(Request request) {
    Hold now = hold;
    if (now.request == request) {
      now.reached.countDown();
      boolean interrupted = false;
      while (now.release.getCount() > 0) {
        try {
          now.release.await();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void claim() {
    disk.claim();
  }

  @Override
  public Path path(String name) {
    return disk.path(name);
  }

  @Override
  public List<String> names() {
    return disk.names();
  }

  @Override
  public DiskFile open(String name, boolean make) throws IOException {
    DiskFile file = disk.open(name, make);
    return new DiskFile() {
      @Override
      public long size() throws IOException {
        return file.size();
      }

      @Override
      public int read(long position, byte[] into, int offset, int length) throws IOException {
        return file.read(position, into, offset, length);
      }

      @Override
      public void write(long position, byte[] from, int offset, int length) throws IOException {
        file.write(position, from, offset, length);
      }

      @Override
      public void writeForced(long position, byte[] from, int offset, int length)
          throws IOException {
        pass(Request.WRITE);
        file.writeForced(position, from, offset, length);
      }

      @Override
      public void force() throws IOException {
        file.force();
      }

      @Override
      public void truncate(long size) throws IOException {
        file.truncate(size);
      }

      @Override
      public boolean stands(long size) {
        return file.stands(size);
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }

  @Override
  public void rename(String from, String to) throws IOException {
    disk.rename(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    pass(Request.DELETE);
    disk.delete(name);
  }

  @Override
  public void sync() throws IOException {
    disk.sync();
  }

  @Override
  public void close() {
    disk.close();
  }
}
