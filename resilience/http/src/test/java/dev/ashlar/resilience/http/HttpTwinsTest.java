package dev.ashlar.resilience.http;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Headers;
import dev.ashlar.core.testkit.Twins;
import dev.ashlar.resilience.testkit.TestedTransport;
import dev.ashlar.resilience.testkit.TransportContract;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each property of transports catches the transports that break it. */
class HttpTwinsTest {

  @TestFactory
  Stream<DynamicTest> transportTwins() {
    return Twins.of(ForgetsTheTimeTwin.class, "CALL-18", "CALL-21", "CALL-23")
        .and(DropsTheContextTwin.class, "CALL-18")
        .and(AnswersElsewhereTwin.class, "CALL-22")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> wireTwins() {
    return Twins.of(RetriesByStatusTwin.class, "CALL-4", "CALL-6", "CALL-7")
        .and(OwnHeaderTwin.class, "CALL-20")
        .tests();
  }

  /** Takes every refusal for one that had no effect and is worth another try. */
  static class RetriesByStatusTwin extends HttpWireContract {
    @Override
    String ask(RawService service, CallContext context) throws InterruptedException {
      try {
        return Calls.caller(service.address()).call(Calls.ASK, "hi", context);
      } catch (BackendException e) {
        throw new BackendException("mistaken", Effect.NONE, new Advice.Transient(), e);
      }
    }
  }

  /** Has a codec of its own for the context. */
  static class OwnHeaderTwin extends HttpWireContract {
    @Override
    String ask(RawService service, CallContext context) throws InterruptedException {
      Headers own = Headers.of("x-context", String.valueOf(context.deadline().remaining()));
      return HttpCaller.of(Calls.CLIENT, service.address(), HttpTransport.sending(own))
          .call(Calls.ASK, "hi", context);
    }
  }

  /** Carries all but the time that is left, as a service does that knows only ids. */
  static class ForgetsTheTimeTwin extends TransportContract {
    @Override
    protected TestedTransport open(TestedTransport.Setting setting) {
      return sending(
          setting,
          headers ->
              headers.with(
                  CallContext.CONTEXT_HEADER,
                  headers
                      .first(CallContext.CONTEXT_HEADER)
                      .orElseThrow()
                      .replaceFirst(";ttl=\\d+", "")));
    }
  }

  static class DropsTheContextTwin extends TransportContract {
    @Override
    protected TestedTransport open(TestedTransport.Setting setting) {
      return sending(setting, headers -> headers.without(CallContext.CONTEXT_HEADER));
    }
  }

  private static TestedTransport sending(
      TestedTransport.Setting setting, UnaryOperator<Headers> change) {
    HttpTransport sound = HttpTransport.open(setting);
    return new TestedTransport() {
      @Override
      public String ask(String question, Headers headers, Deadline patience)
          throws InterruptedException {
        return sound.ask(question, change.apply(headers), patience);
      }

      @Override
      public void close() {
        sound.close();
      }
    };
  }

  /** Hands the work to a thread that nobody told of the context. */
  static class AnswersElsewhereTwin extends TransportContract {
    @Override
    protected TestedTransport open(TestedTransport.Setting setting) {
      return HttpTransport.open(
          new TestedTransport.Setting(
              setting.receiver(),
              (question, context) -> elsewhere(setting, question, context),
              setting.threads(),
              setting.queueMax()));
    }

    private static String elsewhere(
        TestedTransport.Setting setting, String question, CallContext context)
        throws InterruptedException {
      FutureTask<String> task =
          new FutureTask<>(() -> setting.answering().answer(question, context));
      new Thread(task, "elsewhere").start();
      try {
        return task.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
