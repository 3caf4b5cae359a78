package dev.ashlar.messaging.testkit.log;

import dev.ashlar.core.Headers;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Notes each operation and how it ended, and marks the headers that go along, as tracing does. */
final class TellingObserver implements Observer {

  static final String MARK = "Mark";

  private final List<String> endings = new ArrayList<>();
  private int marks;

  /** Returns, for each operation that has ended, its kind, target, link and end. */
  synchronized List<String> endings() {
    return List.copyOf(endings);
  }

  @Override
  public <T, X extends Exception> T around(Operation operation, Headers out, Body<T, X> body)
      throws X {
    String ending = "threw";
    try {
      T result = body.run(out.with(MARK, nextMark()));
      ending = failure(result).orElse("ok");
      return result;
    } finally {
      note(operation, ending);
    }
  }

  private static Optional<String> failure(@Nullable Object result) {
    return result instanceof Operation.Ending ending ? ending.failure() : Optional.empty();
  }

  private synchronized String nextMark() {
    return "" + ++marks;
  }

  private synchronized void note(Operation operation, String ending) {
    endings.add(
        operation.kind() + " " + operation.target() + " " + operation.link() + " " + ending);
  }
}
