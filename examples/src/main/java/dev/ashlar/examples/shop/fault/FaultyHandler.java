package dev.ashlar.examples.shop.fault;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Effect;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.shop.service.OrderMessages;
import dev.ashlar.examples.shop.service.Service;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.consume.Handler;
import java.util.Optional;

/** A service that is slow at some orders, and fails at the first attempts of others. */
public record FaultyHandler(
    Handler handler, Service service, Schedule schedule, FaultLog log, TimeSource time)
    implements Handler {

  @Override
  public Outcome handle(Message message, CallContext context) throws Exception {
    long number = OrderMessages.number(message);
    Optional<Fault.Slow> slow = schedule.find(Fault.Slow.class, service, number);
    if (slow.isPresent()) {
      log.note("slow", service, number);
      time.sleep(slow.get().length());
    }
    Optional<Fault.Fail> fail = schedule.find(Fault.Fail.class, service, number);
    if (fail.isPresent() && context.attempt() <= fail.get().times()) {
      log.note("fail", service, number);
      throw new BackendException(
          service.label() + ": failed by the schedule", Effect.NONE, new Advice.Transient(), null);
    }
    return handler.handle(message, context);
  }
}
