package dev.ashlar.examples.shop.run;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.examples.shop.service.Job;
import dev.ashlar.examples.shop.service.Service;
import dev.ashlar.examples.shop.service.Work;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.resilience.http.HttpRoutes;
import dev.ashlar.resilience.http.HttpService;
import dev.ashlar.resilience.http.HttpServiceOptions;
import java.time.Duration;

/** Feeds a service with requests. */
final class ServiceServer implements AutoCloseable {

  /** As many as there are customers; who comes beyond is told to come again. */
  private static final int THREADS = 8;

  private static final int QUEUE_MAX = 64;

  private final HttpService server;
  private final CallContext.Receiver receiver;

  private ServiceServer(HttpService server, CallContext.Receiver receiver) {
    this.server = server;
    this.receiver = receiver;
  }

  /** Starts to listen on a port of this machine. */
  static ServiceServer start(Service service, Work work, CallContext.Receiver receiver) {
    HttpRoutes routes =
        HttpRoutes.none()
            .with(
                Asked.route(service),
                (asked, context) -> answer(work, asked.toJob(service, context)));
    HttpServiceOptions options = HttpServiceOptions.of(receiver).withThreads(THREADS, QUEUE_MAX);
    return new ServiceServer(HttpService.start(routes, options), receiver);
  }

  private static String answer(Work work, Job job) throws InterruptedException {
    try {
      if (work.handle(job) instanceof Outcome.DeadLetter refused) {
        throw failed(refused.reason(), new Advice.Permanent());
      }
      return "done";
    } catch (InterruptedException | BackendException e) {
      throw e;
    } catch (ServiceDied e) {
      throw failed("died", new Advice.Transient());
    } catch (Exception e) {
      throw new IllegalStateException("work failed by mistake", e);
    }
  }

  private static BackendException failed(String what, Advice advice) {
    return new BackendException(what, Effect.UNKNOWN, advice, null);
  }

  int port() {
    return server.address().getPort();
  }

  /** Closes every connection now, as the end of a process would. */
  void hangUp() {
    try {
      boolean unused = server.close(Deadline.after(Duration.ZERO, receiver.time()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Finishes what is being answered. */
  @Override
  public void close() {
    server.close();
  }
}
