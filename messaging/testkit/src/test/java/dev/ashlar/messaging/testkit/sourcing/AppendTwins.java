package dev.ashlar.messaging.testkit.sourcing;

import dev.ashlar.core.Advice;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.sourcing.Append;
import dev.ashlar.messaging.sourcing.AppendResult;
import dev.ashlar.messaging.sourcing.Event;
import dev.ashlar.messaging.sourcing.EventStore;
import dev.ashlar.messaging.sourcing.ExpectedEnd;
import dev.ashlar.messaging.sourcing.StoreOptions;
import dev.ashlar.messaging.sourcing.StreamName;
import java.time.Duration;
import java.util.List;

/** Stores that append where they should not, or in parts, or twice. */
final class AppendTwins {

  private AppendTwins() {}

  /** A way to append that is wrong. */
  @FunctionalInterface
  interface Way {

    AppendResult append(EventStore store, Append append, Deadline deadline)
        throws InterruptedException;
  }

  private static EventStore appending(EventStore healthy, Way way) {
    return new ForwardingEventStore(healthy) {
      @Override
      public AppendResult append(Append append, Deadline deadline) throws InterruptedException {
        return way.append(inner(), append, deadline);
      }
    };
  }

  private static Append with(Append append, ExpectedEnd expected, List<Event> events) {
    return new Append(append.stream(), expected, events);
  }

  private static long endOf(EventStore store, StreamName stream, Deadline deadline)
      throws InterruptedException {
    return store.read(stream, 0, 1, deadline).end();
  }

  /** Appends whatever was expected. */
  static class IgnoresExpectationTwin extends StoreTwin {
    @Override
    EventStore broken(EventStore healthy, Observer observer) {
      return appending(
          healthy,
          (store, append, deadline) ->
              store.append(with(append, ExpectedEnd.any(), append.events()), deadline));
    }
  }

  /** Says that there is a conflict, and has stored the events. */
  static class StoresInConflictTwin extends StoreTwin {
    @Override
    EventStore broken(EventStore healthy, Observer observer) {
      return appending(
          healthy,
          (store, append, deadline) -> {
            AppendResult result = store.append(append, deadline);
            if (result instanceof AppendResult.Conflict) {
              store.append(with(append, ExpectedEnd.any(), append.events()), deadline);
            }
            return result;
          });
    }
  }

  /** Tells of a conflict with the end that was expected, which helps nobody on. */
  static class TellsNoEndTwin extends StoreTwin {
    @Override
    EventStore broken(EventStore healthy, Observer observer) {
      return appending(
          healthy,
          (store, append, deadline) -> {
            AppendResult result = store.append(append, deadline);
            return result instanceof AppendResult.Conflict
                    && append.expected() instanceof ExpectedEnd.Exactly exactly
                ? new AppendResult.Conflict(exactly.end())
                : result;
          });
    }
  }

  /** Looks at the end first and appends afterwards, as two statements without a constraint do. */
  static class LooksThenAppendsTwin extends StoreTwin {
    @Override
    EventStore broken(EventStore healthy, Observer observer) {
      return appending(
          healthy,
          (store, append, deadline) -> {
            long end = endOf(store, append.stream(), deadline);
            if (!append.expected().allows(end)) {
              return store.append(append, deadline);
            }
            TimeSource.system().sleep(Duration.ofMillis(2));
            return store.append(with(append, ExpectedEnd.any(), append.events()), deadline);
          });
    }
  }

  /** Stores one event after the other, as single statements without a transaction do. */
  static class StoresOneByOneTwin extends StoreTwin {
    @Override
    EventStore broken(EventStore healthy, Observer observer) {
      return appending(
          healthy,
          (store, append, deadline) -> {
            ExpectedEnd expected = append.expected();
            AppendResult result = new AppendResult.Conflict(0);
            for (Event event : append.events()) {
              result = store.append(with(append, expected, List.of(event)), deadline);
              if (!(result instanceof AppendResult.Appended done)) {
                return result;
              }
              observer.step("store.one");
              expected = ExpectedEnd.exactly(done.end());
            }
            return result;
          });
    }
  }

  /** Looks at the expectation before the ids, so that a retry is a conflict with itself. */
  static class ForgetsItsAppendsTwin extends StoreTwin {
    @Override
    EventStore broken(EventStore healthy, Observer observer) {
      return appending(
          healthy,
          (store, append, deadline) -> {
            long end = endOf(store, append.stream(), deadline);
            return append.expected().allows(end)
                ? store.append(append, deadline)
                : new AppendResult.Conflict(end);
          });
    }
  }

  /** Does not look at ids at all. */
  static class StoresAgainTwin extends StoreTwin {
    @Override
    EventStore broken(EventStore healthy, Observer observer) {
      return appending(
          healthy,
          (store, append, deadline) -> {
            AppendResult result = store.append(append, deadline);
            boolean again = !(append.expected() instanceof ExpectedEnd.Exactly);
            if (!again || !(result instanceof AppendResult.Appended done)) {
              return result;
            }
            long end = endOf(store, append.stream(), deadline);
            return done.end() == end
                ? result
                : store.append(with(append, append.expected(), renamed(append, end)), deadline);
          });
    }

    private static List<Event> renamed(Append append, long end) {
      return append.events().stream()
          .map(
              event ->
                  Event.of(
                      new MessageId(event.id().value() + "-" + end), event.type(), event.payload()))
          .toList();
    }
  }

  /** Takes any append with a known id for a retry. */
  static class IgnoresContentTwin extends StoreTwin {
    @Override
    EventStore broken(EventStore healthy, Observer observer) {
      return appending(
          healthy,
          (store, append, deadline) ->
              store.append(append, deadline) instanceof AppendResult.IdTaken taken
                  ? new AppendResult.Appended(taken.position())
                  : store.append(append, deadline));
    }
  }

  /** Answers a retry with where the stream ends now. */
  static class AnswersWithTodaysEndTwin extends StoreTwin {
    @Override
    EventStore broken(EventStore healthy, Observer observer) {
      return appending(
          healthy,
          (store, append, deadline) ->
              store.append(append, deadline) instanceof AppendResult.Appended
                  ? new AppendResult.Appended(endOf(store, append.stream(), deadline))
                  : store.append(append, deadline));
    }
  }

  /** Says that nothing is stored where it does not know. */
  static class CallsUnknownRefusedTwin extends StoreTwin {
    @Override
    protected EventStore openLosingAnswers(String name, StoreOptions options) throws Exception {
      return appending(
          super.openLosingAnswers(name, options),
          (store, append, deadline) -> {
            store.append(append, deadline);
            return new AppendResult.Refused(new Advice.Transient(), "store: no answer");
          });
    }
  }
}
