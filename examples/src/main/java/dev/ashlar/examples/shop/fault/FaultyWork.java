package dev.ashlar.examples.shop.fault;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.shop.service.Job;
import dev.ashlar.examples.shop.service.Service;
import dev.ashlar.examples.shop.service.Work;
import dev.ashlar.messaging.Outcome;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A service that is slow at some orders, fails at the first attempts of others, answers late, does
 * some twice, and is out of order now and then.
 *
 * <p><b>Threads.</b> Safe.
 */
public final class FaultyWork implements Work {

  private final Work work;
  private final Service service;
  private final Schedule schedule;
  private final FaultLog log;
  private final TimeSource time;

  // Each has an entry for each order that the schedule names, and no more.
  private final Map<Long, Integer> failures = new ConcurrentHashMap<>();
  private final Map<Long, Boolean> answeredLate = new ConcurrentHashMap<>();
  private final Map<Long, Boolean> outages = new ConcurrentHashMap<>();
  private volatile Optional<Deadline> outage = Optional.empty();

  /** Makes work worse. */
  public FaultyWork(Work work, Service service, Schedule schedule, FaultLog log, TimeSource time) {
    this.work = work;
    this.service = service;
    this.schedule = schedule;
    this.log = log;
    this.time = time;
  }

  @Override
  public Outcome handle(Job job) throws Exception {
    long number = job.number();
    if (isOut(number)) {
      throw failed("outage", number);
    }
    Optional<Fault.Slow> slow = schedule.find(Fault.Slow.class, service, number);
    if (slow.isPresent()) {
      log.note("slow", service, number);
      time.sleep(slow.get().length());
    }
    Optional<Fault.Fail> fail = schedule.find(Fault.Fail.class, service, number);
    if (fail.isPresent() && failures.merge(number, 1, Integer::sum) <= fail.get().times()) {
      throw failed("fail", number);
    }
    Outcome outcome = work.handle(job);
    if (service.isAskedOverHttp()
        && schedule.find(Fault.Duplicate.class, service, number).isPresent()) {
      log.note("duplicate", service, number);
      outcome = work.handle(job);
    }
    Optional<Fault.Late> late = schedule.find(Fault.Late.class, service, number);
    if (late.isPresent() && answeredLate.putIfAbsent(number, true) == null) {
      log.note("late", service, number);
      time.sleep(late.get().length());
    }
    return outcome;
  }

  private boolean isOut(long number) {
    Optional<Fault.Outage> begins = schedule.find(Fault.Outage.class, service, number);
    if (begins.isPresent() && outages.putIfAbsent(number, true) == null) {
      outage = Optional.of(Deadline.after(begins.get().length(), time));
    }
    return outage.filter(end -> !end.hasExpired()).isPresent();
  }

  private BackendException failed(String kind, long number) {
    log.note(kind, service, number);
    return new BackendException(
        service.label() + ": failed by the schedule", Effect.NONE, new Advice.Transient(), null);
  }
}
