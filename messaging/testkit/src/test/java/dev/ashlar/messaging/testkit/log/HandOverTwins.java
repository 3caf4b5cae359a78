package dev.ashlar.messaging.testkit.log;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Headers;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.consume.ConsumerOptions;
import dev.ashlar.messaging.consume.Handler;
import dev.ashlar.messaging.log.AppendResult;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.GroupMember;
import dev.ashlar.messaging.log.LogConsumer;
import dev.ashlar.messaging.log.LogConsumerOptions;
import dev.ashlar.messaging.log.LogOptions;

/** Logs and consumers that tell their observers too little, or too much. */
final class HandOverTwins {

  private HandOverTwins() {}

  static class TellsNobodyTwin extends LogTwin {
    @Override
    protected EventLog open(String name, LogOptions options, Observer observer) {
      return super.open(name, options, Observer.none());
    }
  }

  /** Appends what it was given, and not what the observer made of it. */
  static class IgnoresTheObserversHeadersTwin extends LogTwin {
    @Override
    protected EventLog open(String name, LogOptions options, Observer observer) {
      Observer deaf =
          new Observer() {
            @Override
            public <T, X extends Exception> T around(
                Operation operation, Headers out, Body<T, X> body) throws X {
              return observer.around(operation, out, ignored -> body.run(out));
            }
          };
      return super.open(name, options, deaf);
    }
  }

  /** Takes whoever brings a message on for its sender. */
  static class ForgetsTheSenderTwin extends LogTwin {
    @Override
    EventLog broken(EventLog healthy) {
      return new ChangedLog(healthy) {
        @Override
        public AppendResult tryAppend(Message message, Deadline deadline)
            throws InterruptedException {
          return super.tryAppend(forgotten(message), deadline);
        }

        @Override
        public AppendResult.Ticket submit(Message message, Deadline deadline)
            throws InterruptedException {
          return super.submit(forgotten(message), deadline);
        }
      };
    }

    private static Message forgotten(Message message) {
      return message.withHeaders(message.headers().without(CallContext.CONTEXT_HEADER));
    }
  }

  /** Tells of appends as if each had ended well. */
  static class HidesRefusalsTwin extends LogTwin {
    @Override
    protected EventLog open(String name, LogOptions options, Observer observer) {
      return super.open(name, options, hiding(observer));
    }
  }

  /** Shows its observer exceptions alone, as if every other end were good. */
  static class HidesOutcomesTwin extends LogTwin {
    @Override
    protected LogConsumer start(GroupMember member, Handler handler, LogConsumerOptions options) {
      return super.start(member, handler, hiding(options));
    }
  }

  static class DiskTellsNobodyTwin extends DiskEventLogTest {
    @Override
    protected EventLog open(String name, LogOptions options, Observer observer) throws Exception {
      return super.open(name, options, Observer.none());
    }
  }

  static class DiskHidesRefusalsTwin extends DiskEventLogTest {
    @Override
    protected EventLog open(String name, LogOptions options, Observer observer) throws Exception {
      return super.open(name, options, hiding(observer));
    }
  }

  static class DiskHidesOutcomesTwin extends DiskEventLogTest {
    @Override
    protected LogConsumer start(GroupMember member, Handler handler, LogConsumerOptions options) {
      return super.start(member, handler, hiding(options));
    }
  }

  private static LogConsumerOptions hiding(LogConsumerOptions options) {
    CallContext.Receiver told = options.handling().receiver();
    CallContext.Receiver hiding =
        new CallContext.Receiver(
            told.trust(),
            told.ceiling(),
            told.longest(),
            told.ids(),
            told.time(),
            hiding(told.observer()));
    ConsumerOptions handling =
        ConsumerOptions.of(options.handling().name(), hiding, options.handling().random())
            .withRetry(options.handling().retryFirst(), options.handling().retryMax());
    return LogConsumerOptions.of(handling)
        .withPoison(options.attemptsMax(), options.poison())
        .withCommitEvery(options.commitEvery());
  }

  private static Observer hiding(Observer observer) {
    return new Observer() {
      @Override
      public <T, X extends Exception> T around(Operation operation, Headers out, Body<T, X> body)
          throws X {
        Hidden<T> hidden = observer.around(operation, out, sent -> new Hidden<>(body.run(sent)));
        return hidden.result();
      }
    };
  }

  private record Hidden<T>(T result) {}
}
