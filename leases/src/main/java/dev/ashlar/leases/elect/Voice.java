package dev.ashlar.leases.elect;

import dev.ashlar.core.Observer;
import java.util.Optional;

/** Tells listeners, in one thread. */
final class Voice implements Runnable {

  private final Seat seat;
  private final Observer observer;

  Voice(Seat seat, Observer observer) {
    this.seat = seat;
    this.observer = observer;
  }

  @Override
  public void run() {
    for (Optional<Roll.Notice> next = seat.nextNotice();
        next.isPresent();
        next = seat.nextNotice()) {
      tell(next.get());
    }
  }

  /** Whatever a listener throws, the end of its term is still to be told. */
  private void tell(Roll.Notice notice) {
    try {
      notice.tell();
    } catch (Throwable e) {
      if (!(e instanceof InterruptedException)) {
        observer.count("election.listener.failed", 1);
      }
    } finally {
      seat.told(notice);
    }
  }
}
