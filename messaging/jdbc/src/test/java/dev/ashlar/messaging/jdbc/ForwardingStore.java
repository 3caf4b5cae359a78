package dev.ashlar.messaging.jdbc;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.outbox.OutboxRow;
import dev.ashlar.messaging.outbox.OutboxStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A store that passes everything on; a twin changes one thing. */
class ForwardingStore implements OutboxStore {

  private final OutboxStore inner;

  ForwardingStore(OutboxStore inner) {
    this.inner = inner;
  }

  final OutboxStore inner() {
    return inner;
  }

  @Override
  public Optional<Turn> takeTurn(String relay, Duration term, Deadline deadline)
      throws InterruptedException {
    return inner.takeTurn(relay, term, deadline);
  }

  @Override
  public void giveBack(Turn turn, Deadline deadline) throws InterruptedException {
    inner.giveBack(turn, deadline);
  }

  @Override
  public List<OutboxRow> due(Turn turn, int most, Deadline deadline) throws InterruptedException {
    return inner.due(turn, most, deadline);
  }

  @Override
  public boolean sent(Turn turn, List<Long> numbers, Deadline deadline)
      throws InterruptedException {
    return inner.sent(turn, numbers, deadline);
  }

  @Override
  public boolean failed(
      Turn turn, long number, String cause, Optional<Duration> retryAfter, Deadline deadline)
      throws InterruptedException {
    return inner.failed(turn, number, cause, retryAfter, deadline);
  }

  @Override
  public int cleanUp(int most, Deadline deadline) throws InterruptedException {
    return inner.cleanUp(most, deadline);
  }
}
