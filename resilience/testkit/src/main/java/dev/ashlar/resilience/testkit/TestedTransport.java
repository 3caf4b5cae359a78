package dev.ashlar.resilience.testkit;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Headers;

/**
 * What {@link TransportContract} needs of a transport: a service that runs, and a way to ask it.
 */
public interface TestedTransport extends AutoCloseable {

  /**
   * Asks, in the caller's thread.
   *
   * @param headers to be sent with the question, as they are
   * @param patience for how long to wait, whatever the headers say
   */
  String ask(String question, Headers headers, Deadline patience) throws InterruptedException;

  /** Stops the service. */
  @Override
  void close();

  /** Answers, in a thread of the service. */
  @FunctionalInterface
  interface Answering {

    /** Answers a question that came with a context. */
    String answer(String question, CallContext context) throws InterruptedException;
  }

  /**
   * What the service is made with.
   *
   * @param receiver makes contexts of headers; its observer is to be told {@link #ARRIVED}
   * @param answering answers
   * @param threads how many questions are answered at once
   * @param queueMax how many more wait
   */
  record Setting(CallContext.Receiver receiver, Answering answering, int threads, int queueMax) {

    /** The end of the event's name that says that a request has begun to arrive. */
    public static final String ARRIVED = ".arrived";
  }
}
