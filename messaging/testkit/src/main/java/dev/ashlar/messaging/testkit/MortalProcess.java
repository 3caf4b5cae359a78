package dev.ashlar.messaging.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.SimulatedCrash;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.Settlement;
import dev.ashlar.messaging.consume.Handler;
import java.time.Duration;
import java.util.List;

/**
 * A process that uses a queue and dies where its observer crashes it: at a named step of the code
 * under test, or on either side of any exchange with the queue. From then on nothing that it does
 * reaches anybody.
 *
 * <p><b>Threads.</b> Safe.
 */
public final class MortalProcess implements Observer {

  private final Observer crash;
  private boolean dead;

  /**
   * Makes a process that lives until a step of it crashes.
   *
   * @param crash throws {@link SimulatedCrash} at the step at which the process dies
   */
  public MortalProcess(Observer crash) {
    this.crash = crash;
  }

  @Override
  public synchronized void step(String name) {
    checkAlive(name);
    try {
      crash.step(name);
    } catch (SimulatedCrash e) {
      dead = true;
      throw e;
    }
  }

  @Override
  public void count(String event, long n) {
    crash.count(event, n);
  }

  private synchronized void checkAlive(String where) {
    if (dead) {
      throw new SimulatedCrash(where);
    }
  }

  /** Returns whether it has died. */
  public synchronized boolean isDead() {
    return dead;
  }

  /** Does something that others see, such as writing to a journal, unless it is dead. */
  synchronized void effect(Runnable body) {
    checkAlive("effect");
    body.run();
  }

  /** Returns a handler that dies with the process, before its work or after it. */
  Handler handles(Handler inner) {
    return (message, context) -> {
      step("handler begins");
      Outcome outcome = inner.handle(message, context);
      step("handler ends");
      return outcome;
    };
  }

  /** Returns a queue as this process reaches it. */
  public MessageQueue uses(MessageQueue queue) {
    return new Link(queue);
  }

  private final class Link extends ForwardingQueue {

    Link(MessageQueue inner) {
      super(inner);
    }

    @Override
    public SendResult trySend(Message message, Duration delay, Deadline deadline)
        throws InterruptedException {
      step("before send");
      SendResult result = super.trySend(message, delay, deadline);
      step("after send");
      return result;
    }

    @Override
    public List<SendResult> sendAll(List<Message> messages, Deadline deadline)
        throws InterruptedException {
      step("before sending all");
      List<SendResult> results = super.sendAll(messages, deadline);
      step("after sending all");
      return results;
    }

    /** Looking in vain is no step: how often it happens differs from run to run. */
    @Override
    public List<Delivery> receive(int most, Deadline deadline) throws InterruptedException {
      checkAlive("receive");
      List<Delivery> deliveries = super.receive(most, deadline);
      if (!deliveries.isEmpty()) {
        step("after receive");
      }
      return deliveries;
    }

    @Override
    protected Delivery wrap(Delivery delivery) {
      return new Held(delivery);
    }

    /** The queue outlives the process. */
    @Override
    public void close() {}
  }

  private final class Held extends ForwardingDelivery {

    Held(Delivery inner) {
      super(inner);
    }

    @Override
    public Settlement settle(Outcome outcome, Deadline deadline) throws InterruptedException {
      step("before settle");
      Settlement settlement = super.settle(outcome, deadline);
      step("after settle");
      return settlement;
    }

    @Override
    public Settlement release(Deadline deadline) throws InterruptedException {
      checkAlive("release");
      return super.release(deadline);
    }

    @Override
    public Settlement renew(Deadline deadline) throws InterruptedException {
      checkAlive("renew");
      return super.renew(deadline);
    }
  }
}
