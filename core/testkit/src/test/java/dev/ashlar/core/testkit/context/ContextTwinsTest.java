package dev.ashlar.core.testkit.context;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Criticality;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Headers;
import dev.ashlar.core.testkit.Twins;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Contexts that go wrong in the ways known from other libraries, each caught by its property. */
class ContextTwinsTest {

  @TestFactory
  Stream<DynamicTest> twins() {
    return Twins.of(FreshTimeoutAtEachHopTwin.class, "CALL-17", "CALL-18")
        .and(RoundsUpTwin.class, "CALL-17", "CALL-18")
        .and(CapStartsAnewTwin.class, "CALL-17")
        .and(SenderSetsConsumersTimeTwin.class, "CALL-17")
        .and(DropsCohortTwin.class, "CALL-18")
        .and(WholeSecondsTwin.class, "CALL-18", "CALL-20")
        .and(ParsesWithoutLookingTwin.class, "CALL-19")
        .and(TrustsCriticalityTwin.class, "CALL-19")
        .and(TrustsTimeTwin.class, "CALL-19")
        .and(EdgeTrustsTwin.class, "CALL-19")
        .and(RenamedKeyTwin.class, "CALL-20")
        .and(WantsFieldsInOrderTwin.class, "CALL-20")
        .and(LeaksAfterFailureTwin.class, "CALL-22")
        .and(LeaksAlwaysTwin.class, "CALL-22")
        .and(ForgetsOuterTwin.class, "CALL-22")
        .and(WrapsNothingTwin.class, "CALL-22")
        .and(MessageDiesWithCallerTwin.class, "CALL-51")
        .and(StoresAllTwin.class, "CALL-51")
        .tests();
  }

  private static Headers edited(Headers headers, String regex, String replacement) {
    String text = headers.first(CallContext.CONTEXT_HEADER).orElse("");
    return headers.with(CallContext.CONTEXT_HEADER, text.replaceFirst(regex, replacement));
  }

  private static Optional<String> field(Headers headers, String key) {
    String text = headers.first(CallContext.CONTEXT_HEADER).orElse("");
    return Stream.of(text.split(";"))
        .filter(field -> field.startsWith(key + "="))
        .map(field -> field.substring(key.length() + 1))
        .findFirst();
  }

  private static CallContext lasting(CallContext context, Deadline deadline) {
    return new CallContext(
        context.correlation(),
        context.request(),
        context.causedBy(),
        deadline,
        context.criticality(),
        context.cohort(),
        context.attempt(),
        context.retryRight(),
        context.client());
  }

  static class FreshTimeoutAtEachHopTwin extends CallContextContract {
    @Override
    ContextPort port() {
      return new ContextPort() {
        @Override
        public CallContext receive(CallContext.Receiver receiver, Headers headers) {
          return receiver.receive(edited(headers, ";ttl=\\d+", ""));
        }
      };
    }
  }

  static class RoundsUpTwin extends CallContextContract {
    @Override
    ContextPort port() {
      return new ContextPort() {
        @Override
        public Headers send(CallContext context) {
          long up = (context.deadline().remainingNanos() + 999_999) / 1_000_000;
          return edited(ContextPort.super.send(context), "ttl=\\d+", "ttl=" + up);
        }
      };
    }
  }

  static class CapStartsAnewTwin extends CallContextContract {
    @Override
    ContextPort port() {
      return new ContextPort() {
        @Override
        public CallContext child(CallContext parent, Duration cap) {
          boolean usable = !cap.isNegative() && cap.compareTo(Deadline.LONGEST) <= 0;
          return usable ? lasting(parent, Deadline.after(cap, parent.deadline().time())) : parent;
        }
      };
    }
  }

  static class SenderSetsConsumersTimeTwin extends CallContextContract {
    @Override
    ContextPort port() {
      return new ContextPort() {
        @Override
        public CallContext deliver(
            CallContext.Receiver receiver, Headers headers, int attempt, Deadline deadline) {
          CallContext delivered = receiver.deliver(headers, attempt, deadline);
          return lasting(delivered, receiver.receive(headers).deadline());
        }
      };
    }
  }

  static class DropsCohortTwin extends CallContextContract {
    @Override
    ContextPort port() {
      return new ContextPort() {
        @Override
        public Headers send(CallContext context) {
          return edited(ContextPort.super.send(context), ";cohort=\\d+", "");
        }
      };
    }
  }

  static class WholeSecondsTwin extends CallContextContract {
    @Override
    ContextPort port() {
      return new ContextPort() {
        @Override
        public Headers send(CallContext context) {
          long floored = context.deadline().remaining().toSeconds() * 1000;
          return edited(ContextPort.super.send(context), "ttl=\\d+", "ttl=" + floored);
        }
      };
    }
  }

  static class ParsesWithoutLookingTwin extends CallContextContract {
    @Override
    ContextPort port() {
      return new ContextPort() {
        @Override
        public CallContext receive(CallContext.Receiver receiver, Headers headers) {
          field(headers, "ttl").ifPresent(Long::parseLong);
          return receiver.receive(headers);
        }
      };
    }
  }

  static class TrustsCriticalityTwin extends CallContextContract {
    @Override
    ContextPort port() {
      return new ContextPort() {
        @Override
        public CallContext receive(CallContext.Receiver receiver, Headers headers) {
          return new CallContext.Receiver(
                  receiver.trust(),
                  Criticality.CRITICAL_PLUS,
                  receiver.longest(),
                  receiver.ids(),
                  receiver.time(),
                  receiver.observer())
              .receive(headers);
        }
      };
    }
  }

  static class TrustsTimeTwin extends CallContextContract {
    @Override
    ContextPort port() {
      return new ContextPort() {
        @Override
        public CallContext receive(CallContext.Receiver receiver, Headers headers) {
          return new CallContext.Receiver(
                  receiver.trust(),
                  receiver.ceiling(),
                  Deadline.LONGEST,
                  receiver.ids(),
                  receiver.time(),
                  receiver.observer())
              .receive(headers);
        }
      };
    }
  }

  static class EdgeTrustsTwin extends CallContextContract {
    @Override
    ContextPort port() {
      return new ContextPort() {
        @Override
        public CallContext receive(CallContext.Receiver receiver, Headers headers) {
          return new CallContext.Receiver(
                  CallContext.Trust.PEER,
                  receiver.ceiling(),
                  receiver.longest(),
                  receiver.ids(),
                  receiver.time(),
                  receiver.observer())
              .receive(headers);
        }
      };
    }
  }

  static class RenamedKeyTwin extends CallContextContract {
    @Override
    ContextPort port() {
      return new ContextPort() {
        @Override
        public Headers send(CallContext context) {
          return edited(ContextPort.super.send(context), ";try=", ";attempt=");
        }

        @Override
        public CallContext receive(CallContext.Receiver receiver, Headers headers) {
          return receiver.receive(edited(headers, ";attempt=", ";try="));
        }
      };
    }
  }

  static class WantsFieldsInOrderTwin extends CallContextContract {
    @Override
    ContextPort port() {
      return new ContextPort() {
        @Override
        public CallContext receive(CallContext.Receiver receiver, Headers headers) {
          boolean inOrder =
              headers
                  .first(CallContext.CONTEXT_HEADER)
                  .filter(text -> text.matches("v=1;req=.*;crit=.*;cohort=.*;client=.*"))
                  .isPresent();
          return receiver.receive(inOrder ? headers : headers.without(CallContext.CONTEXT_HEADER));
        }
      };
    }
  }

  /** Ambient contexts of the usual kind: a thread-local that somebody must remember to restore. */
  private static class OwnAmbient implements ContextPort {
    final ThreadLocal<Optional<CallContext>> current = ThreadLocal.withInitial(Optional::empty);

    @Override
    public Optional<CallContext> current() {
      return current.get();
    }

    @Override
    public void run(CallContext context, Runnable task) {
      Optional<CallContext> before = current.get();
      current.set(Optional.of(context));
      task.run();
      current.set(before);
    }

    @Override
    public Runnable wrap(CallContext context, Runnable task) {
      return () -> run(context, task);
    }
  }

  static class LeaksAfterFailureTwin extends AmbientContract {
    private final ContextPort port = new OwnAmbient();

    @Override
    ContextPort port() {
      return port;
    }
  }

  static class LeaksAlwaysTwin extends AmbientContract {
    private final ContextPort port =
        new OwnAmbient() {
          @Override
          public void run(CallContext context, Runnable task) {
            current.set(Optional.of(context));
            task.run();
          }
        };

    @Override
    ContextPort port() {
      return port;
    }
  }

  static class ForgetsOuterTwin extends AmbientContract {
    private final ContextPort port =
        new OwnAmbient() {
          @Override
          public void run(CallContext context, Runnable task) {
            current.set(Optional.of(context));
            try {
              task.run();
            } finally {
              current.remove();
            }
          }
        };

    @Override
    ContextPort port() {
      return port;
    }
  }

  static class WrapsNothingTwin extends AmbientContract {
    @Override
    ContextPort port() {
      return new ContextPort() {
        @Override
        public Runnable wrap(CallContext context, Runnable task) {
          return task;
        }
      };
    }
  }

  static class MessageDiesWithCallerTwin extends CallContextContract {
    @Override
    ContextPort port() {
      return new ContextPort() {
        @Override
        public Headers store(CallContext context) {
          return context.into(Headers.empty());
        }

        @Override
        public CallContext deliver(
            CallContext.Receiver receiver, Headers headers, int attempt, Deadline deadline) {
          CallContext received = receiver.receive(headers);
          return received.forAttempt(attempt).child(deadline.remaining());
        }
      };
    }
  }

  static class StoresAllTwin extends CallContextContract {
    @Override
    ContextPort port() {
      return new ContextPort() {
        @Override
        public Headers store(CallContext context) {
          return context.into(Headers.empty());
        }
      };
    }
  }
}
