package dev.ashlar.messaging.testkit;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Headers;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.consume.ConsumerOptions;
import dev.ashlar.messaging.consume.Handler;

/** Queues and consumers that tell their observers too little, or too much. */
final class HandOverTwins {

  private HandOverTwins() {}

  static class TellsNobodyTwin extends QueueTwin {
    @Override
    protected MessageQueue open(String name, QueueOptions options, Observer observer) {
      return super.open(name, options, Observer.none());
    }
  }

  /** Sends what it was given, and not what the observer made of it. */
  static class IgnoresTheObserversHeadersTwin extends QueueTwin {
    @Override
    protected MessageQueue open(String name, QueueOptions options, Observer observer) {
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
  static class ForgetsTheSenderTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ChangedSends(
          healthy,
          (queue, sending) -> {
            Headers forgotten = sending.message().headers().without(CallContext.CONTEXT_HEADER);
            return sending.with(sending.message().withHeaders(forgotten)).to(queue);
          });
    }
  }

  /** Shows its observer exceptions alone, as if every other end were good. */
  static class HidesOutcomesTwin extends QueueTwin {
    @Override
    protected Running start(MessageQueue queue, Handler handler, ConsumerOptions options) {
      CallContext.Receiver told = options.receiver();
      CallContext.Receiver hiding =
          new CallContext.Receiver(
              told.trust(),
              told.ceiling(),
              told.longest(),
              told.ids(),
              told.time(),
              hiding(told.observer()));
      return super.start(
          queue, handler, ConsumerOptions.of(options.name(), hiding, options.random()));
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
}
