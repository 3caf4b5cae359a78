package dev.ashlar.messaging.journal;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** A disk that does not answer one of its requests until it is told to. */
final class SlowDisk extends DiskBetween {

  /** Which requests can be held up. */
  enum Request {
    WRITE,
    DELETE
  }

  private record Hold(Request request, CountDownLatch reached, CountDownLatch release) {}

  private volatile Hold hold =
      new Hold(Request.WRITE, new CountDownLatch(0), new CountDownLatch(0));

  SlowDisk(SimulatedDisk disk) {
    super(disk);
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
  void writeForced(DiskFile file, String name, int position, byte[] bytes) throws IOException {
    pass(Request.WRITE);
    super.writeForced(file, name, position, bytes);
  }

  @Override
  public void delete(String name) throws IOException {
    pass(Request.DELETE);
    super.delete(name);
  }
}
