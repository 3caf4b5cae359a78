package dev.ashlar.tracing.testkit;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Headers;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.core.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The least that a queue or an outbox does to carry a context: headers are made when a text is
 * added, and read when it is delivered.
 */
class StoreTransport implements TransportContract.Transport {

  final Observer observer;
  final CallContext.Receiver receiver = Requests.receiver(CallContext.Trust.PEER);
  private final List<Row> rows;

  StoreTransport(Observer observer) {
    this(observer, new ArrayList<>());
  }

  private StoreTransport(Observer observer, List<Row> rows) {
    this.observer = observer;
    this.rows = rows;
  }

  @Override
  public void send(String text) {
    Operation sending = Operation.of(Operation.Kind.PRODUCER, "store");
    rows.add(
        observer.<Row, RuntimeException>around(
            sending, Headers.empty(), headers -> new Row(text, stored(headers), 1)));
  }

  /** A twin stores something else. */
  Headers stored(Headers headers) {
    return headers;
  }

  @Override
  public void deliver(TransportContract.Handler handler) throws Exception {
    List<Row> due = List.copyOf(rows);
    rows.clear();
    for (Row row : due) {
      try {
        handle(row, handler);
      } catch (IllegalStateException e) {
        rows.add(new Row(row.text(), row.headers(), row.attempt() + 1));
      }
    }
  }

  private void handle(Row row, TransportContract.Handler handler) throws Exception {
    CallContext context = context(row.text(), row.headers(), row.attempt());
    Operation handling =
        new Operation(
            Operation.Kind.CONSUMER,
            "store",
            Optional.of(row.headers()),
            Operation.Link.REFERENCE,
            Map.of());
    context.call(
        () ->
            observer.<Boolean, Exception>around(
                handling,
                Headers.empty(),
                out -> {
                  handler.handle(row.text());
                  return true;
                }));
  }

  /** A twin reads something else. */
  CallContext context(String text, Headers headers, int attempt) {
    return receiver.deliver(
        headers, attempt, Deadline.after(Requests.LONGEST, TimeSource.system()));
  }

  @Override
  public TransportContract.Transport restarted() {
    return new StoreTransport(observer, rows);
  }

  private record Row(String text, Headers headers, int attempt) {}
}
