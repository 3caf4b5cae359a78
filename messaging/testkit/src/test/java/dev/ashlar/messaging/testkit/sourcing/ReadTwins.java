package dev.ashlar.messaging.testkit.sourcing;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Headers;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.messaging.sourcing.Append;
import dev.ashlar.messaging.sourcing.AppendResult;
import dev.ashlar.messaging.sourcing.Event;
import dev.ashlar.messaging.sourcing.EventStore;
import dev.ashlar.messaging.sourcing.StoreOptions;
import dev.ashlar.messaging.sourcing.StreamName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Stores without bounds, that read wrongly, or that tell their observers the wrong thing. */
final class ReadTwins {

  private ReadTwins() {}

  /** Has room for everything. */
  static class IgnoresBoundsTwin extends StoreTwin {
    @Override
    StoreOptions kept(StoreOptions claimed) {
      return StoreOptions.capacity(1_000_000).withAppendMaxBytes(64 << 20);
    }
  }

  /** Confirms what it has no room for. */
  static class SwallowsWhenFullTwin extends StoreTwin {
    @Override
    EventStore broken(EventStore healthy, Observer observer) {
      return new ForwardingEventStore(healthy) {
        @Override
        public AppendResult append(Append append, Deadline deadline) throws InterruptedException {
          AppendResult result = super.append(append, deadline);
          return result instanceof AppendResult.Refused ? new AppendResult.Appended(1) : result;
        }
      };
    }
  }

  /** Begins with the position that it should begin behind. */
  static class OffByOneTwin extends StoreTwin {
    @Override
    EventStore broken(EventStore healthy, Observer observer) {
      return new ForwardingEventStore(healthy) {
        @Override
        public Slice read(StreamName stream, long after, int most, Deadline deadline)
            throws InterruptedException {
          return super.read(stream, Math.max(0, after - 1), most, deadline);
        }
      };
    }
  }

  /** Reads the newest event first. */
  static class ReadsBackwardsTwin extends StoreTwin {
    @Override
    EventStore broken(EventStore healthy, Observer observer) {
      return new ForwardingEventStore(healthy) {
        @Override
        public Slice read(StreamName stream, long after, int most, Deadline deadline)
            throws InterruptedException {
          Slice slice = super.read(stream, after, most, deadline);
          List<Recorded> backwards = new ArrayList<>(slice.events());
          Collections.reverse(backwards);
          return new Slice(backwards, slice.end());
        }
      };
    }
  }

  /** Brings more than it was asked for. */
  static class ReadsTooMuchTwin extends StoreTwin {
    @Override
    EventStore broken(EventStore healthy, Observer observer) {
      return new ForwardingEventStore(healthy) {
        @Override
        public Slice read(StreamName stream, long after, int most, Deadline deadline)
            throws InterruptedException {
          return super.read(stream, after, READ_MAX, deadline);
        }
      };
    }
  }

  /** Stores events without their headers. */
  static class DropsHeadersTwin extends StoreTwin {
    @Override
    EventStore broken(EventStore healthy, Observer observer) {
      return new ForwardingEventStore(healthy) {
        @Override
        public AppendResult append(Append append, Deadline deadline) throws InterruptedException {
          List<Event> bare =
              append.events().stream().map(event -> event.withHeaders(Headers.empty())).toList();
          return super.append(new Append(append.stream(), append.expected(), bare), deadline);
        }
      };
    }
  }

  /** Answers reads from a copy that is one read behind. */
  static class ReadsStaleTwin extends StoreTwin {
    @Override
    EventStore broken(EventStore healthy, Observer observer) {
      return new ForwardingEventStore(healthy) {
        private long seen;

        @Override
        public synchronized Slice read(StreamName stream, long after, int most, Deadline deadline)
            throws InterruptedException {
          Slice now = super.read(stream, after, most, deadline);
          Slice shown =
              new Slice(
                  now.events().stream().filter(each -> each.position() <= seen).toList(),
                  Math.min(seen, now.end()));
          seen = now.end();
          return shown;
        }
      };
    }
  }

  static class TellsNobodyTwin extends StoreTwin {
    @Override
    protected EventStore open(String name, StoreOptions options, Observer observer) {
      return super.open(name, options, Observer.none());
    }
  }

  /** Shows its observer exceptions alone, as if every other end were good. */
  static class HidesOutcomesTwin extends StoreTwin {
    @Override
    protected EventStore open(String name, StoreOptions options, Observer observer) {
      return super.open(
          name,
          options,
          new Observer() {
            @Override
            public <T, X extends Exception> T around(
                Operation operation, Headers out, Body<T, X> body) throws X {
              Hidden<T> hidden =
                  observer.around(operation, out, sent -> new Hidden<>(body.run(sent)));
              return hidden.result();
            }
          });
    }

    private record Hidden<T>(T result) {}
  }
}
