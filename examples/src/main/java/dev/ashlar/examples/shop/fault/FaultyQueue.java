package dev.ashlar.examples.shop.fault;

import dev.ashlar.core.Advice;
import dev.ashlar.core.Deadline;
import dev.ashlar.examples.shop.service.ForwardingQueue;
import dev.ashlar.examples.shop.service.OrderMessages;
import dev.ashlar.examples.shop.service.Service;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.SendResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The way to a service's queue, on which messages are refused, delayed and doubled. */
public final class FaultyQueue extends ForwardingQueue {

  private final Service target;
  private final Schedule schedule;
  private final FaultLog log;
  private final Map<Long, Integer> refusals = new ConcurrentHashMap<>();

  /**
   * Makes the way worse.
   *
   * @param target the service that listens to the queue
   */
  public FaultyQueue(MessageQueue queue, Service target, Schedule schedule, FaultLog log) {
    super(queue);
    this.target = target;
    this.schedule = schedule;
    this.log = log;
  }

  @Override
  public List<SendResult> sendAll(List<Message> messages, Deadline deadline)
      throws InterruptedException {
    List<Message> untroubled = messages.stream().filter(each -> !isTroubled(each)).toList();
    List<SendResult> ofUntroubled =
        untroubled.isEmpty() ? List.of() : super.sendAll(untroubled, deadline);
    List<SendResult> results = new ArrayList<>();
    int next = 0;
    for (Message message : messages) {
      results.add(
          isTroubled(message)
              ? trySend(message, Duration.ZERO, deadline)
              : ofUntroubled.get(next++));
    }
    return results;
  }

  private boolean isTroubled(Message message) {
    return schedule.troubles(target, OrderMessages.number(message));
  }

  @Override
  public SendResult trySend(Message message, Duration delay, Deadline deadline)
      throws InterruptedException {
    long number = OrderMessages.number(message);
    if (isRefused(number)) {
      log.note("refuse", target, number);
      return new SendResult.Refused(
          new Advice.Transient(), "queue " + name() + ": refused by the schedule");
    }
    Optional<Fault.Delay> late = schedule.find(Fault.Delay.class, target, number);
    Duration whole = late.map(Fault.Delay::length).orElse(Duration.ZERO).plus(delay);
    SendResult result = super.trySend(message, whole, deadline);
    if (result instanceof SendResult.Accepted) {
      late.ifPresent(fault -> log.note("delay", target, number));
      if (schedule.find(Fault.Duplicate.class, target, number).isPresent()) {
        log.note("duplicate", target, number);
        // Best effort: a duplicate that finds no room is no loss.
        super.trySend(message, whole, deadline);
      }
    }
    return result;
  }

  private boolean isRefused(long number) {
    Optional<Fault.Refuse> refuse = schedule.find(Fault.Refuse.class, target, number);
    return refuse.isPresent() && refusals.merge(number, 1, Integer::sum) <= refuse.get().times();
  }
}
