package dev.ashlar.messaging.log;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Headers;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.consume.ConsumerOptions;
import dev.ashlar.messaging.consume.Handler;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/*
 * Steps, for crash tests:
 *
 *   logconsumer.received  (handler)  logconsumer.handled  (dead letter)  logconsumer.ended
 *
 * and, in the attending thread, logconsumer.committing  (commit)  logconsumer.committed
 */

/** What is done with one record, from when it is taken to when it is known what comes next. */
final class LogHandling {

  private static final Duration SEND_MAX = Duration.ofSeconds(10);
  private static final int REASON_HEADER_MAX = 200;

  private final String log;
  private final Handler handler;
  private final LogConsumerOptions options;
  private final ConsumerOptions handling;
  private final TimeSource time;
  private final Observer observer;

  LogHandling(String log, Handler handler, LogConsumerOptions options) {
    this.log = log;
    this.handler = handler;
    this.options = options;
    this.handling = options.handling();
    this.time = handling.receiver().time();
    this.observer = handling.receiver().observer();
  }

  /** What comes after a handling. */
  sealed interface Next {

    /** The record is finished. */
    record Ended() implements Next {}

    /** It is due again later. */
    record Again(Duration delay) implements Next {}

    /** Its partition stops at it. */
    record Stopped(String why) implements Next {}
  }

  Next run(Work work) throws InterruptedException {
    observer.step("logconsumer.received");
    if (work.poison.isEmpty()) {
      work.attempt++;
      Outcome outcome = outcome(work);
      observer.step("logconsumer.handled");
      if (outcome instanceof Outcome.Done) {
        return ended();
      }
      if (outcome instanceof Outcome.Retry retry && work.attempt < options.attemptsMax()) {
        return new Next.Again(retry.delay());
      }
      work.poison = Optional.of(causeOf(outcome));
      observer.count("logconsumer.poison", 1);
    }
    return poisoned(work, work.poison.orElse(""));
  }

  private Next ended() {
    observer.step("logconsumer.ended");
    return new Next.Ended();
  }

  private static String causeOf(Outcome outcome) {
    if (outcome instanceof Outcome.Retry retry) {
      return retry.cause();
    }
    return outcome instanceof Outcome.DeadLetter letter ? letter.reason() : "";
  }

  private Outcome outcome(Work work) throws InterruptedException {
    Message message = work.entry.message();
    CallContext context =
        handling
            .receiver()
            .deliver(
                message.headers(),
                Math.min(work.attempt, CallContext.ATTEMPT_MAX),
                Deadline.after(handling.handlingMax(), time));
    Operation operation =
        new Operation(
            Operation.Kind.CONSUMER,
            log,
            Optional.of(message.headers()),
            Operation.Link.REFERENCE,
            Map.of());
    try {
      return context.call(
          () ->
              observer.around(
                  operation, Headers.empty(), headers -> handler.handle(message, context)));
    } catch (InterruptedException e) {
      throw e;
    } catch (MalformedDataException e) {
      observer.count("logconsumer.malformed", 1);
      return new Outcome.DeadLetter("malformed: " + e.reason() + ", " + e.getMessage());
    } catch (Exception | StackOverflowError | AssertionError | LinkageError e) {
      observer.count("logconsumer.handler.failed", 1);
      return new Outcome.Retry(handling.retryDelay(work.attempt), text(e));
    }
  }

  private static String text(Throwable failure) {
    String message = failure.getMessage();
    String type = failure.getClass().getName();
    return message == null ? type : type + ": " + message;
  }

  private Next poisoned(Work work, String why) throws InterruptedException {
    if (options.poison() instanceof Poison.Skip) {
      observer.count("logconsumer.skipped", 1);
      return ended();
    }
    if (options.poison() instanceof Poison.DeadLetter letter) {
      return isSetAside(letter, work, why)
          ? ended()
          : new Next.Again(handling.retryDelay(options.attemptsMax()));
    }
    return new Next.Stopped(work.entry.position() + ": " + why);
  }

  /** Only what a queue has accepted is passed over; anything else is sent again. */
  private boolean isSetAside(Poison.DeadLetter letter, Work work, String why)
      throws InterruptedException {
    SendResult result =
        letter.into().trySend(letterOf(work, why), Duration.ZERO, Deadline.after(SEND_MAX, time));
    if (result instanceof SendResult.Accepted) {
      observer.count("logconsumer.dead", 1);
      return true;
    }
    boolean hopeless =
        result instanceof SendResult.Refused refused
            && refused.advice() instanceof Advice.Permanent;
    observer.count(hopeless ? "logconsumer.dead.refused" : "logconsumer.dead.failed", 1);
    return false;
  }

  private Message letterOf(Work work, String why) {
    Message message = work.entry.message();
    String reason =
        why.codePoints()
            .limit(REASON_HEADER_MAX)
            .map(c -> c >= ' ' && c <= '~' ? c : '?')
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    try {
      return message.withHeaders(
          message
              .headers()
              .with(Poison.DeadLetter.ORIGIN_HEADER, log + "/" + work.entry.position())
              .with(Poison.DeadLetter.REASON_HEADER, reason));
    } catch (IllegalArgumentException e) {
      // It has as many headers as it can have; the message itself matters more.
      return message;
    }
  }

  /** Waits a little after a backend has not answered. */
  void pause(BackendException failure) throws InterruptedException {
    observer.count(
        failure.advice() instanceof Advice.Permanent
            ? "logconsumer.backend.permanent"
            : "logconsumer.backend.failed",
        1);
    time.sleep(Duration.ofMillis(100));
  }
}
