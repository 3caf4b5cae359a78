package dev.ashlar.core.testkit.context;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Headers;
import java.time.Duration;
import java.util.Optional;

/**
 * What a context can do, so that a twin can do one thing of it wrongly. As it stands, the real one.
 */
interface ContextPort {

  default CallContext child(CallContext parent, Duration cap) {
    return parent.child(cap);
  }

  default Headers send(CallContext context) {
    return context.into(Headers.empty());
  }

  default CallContext receive(CallContext.Receiver receiver, Headers headers) {
    return receiver.receive(headers);
  }

  default Headers store(CallContext context) {
    return context.storedInto(Headers.empty());
  }

  default CallContext deliver(
      CallContext.Receiver receiver, Headers headers, int attempt, Deadline deadline) {
    return receiver.deliver(headers, attempt, deadline);
  }

  default void run(CallContext context, Runnable task) {
    context.run(task);
  }

  default Runnable wrap(CallContext context, Runnable task) {
    return context.wrap(task);
  }

  default Optional<CallContext> current() {
    return CallContext.current();
  }
}
