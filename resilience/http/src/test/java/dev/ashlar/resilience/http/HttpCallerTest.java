package dev.ashlar.resilience.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Codec;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What becomes of a call that gets no answer, or one that is of no use. */
class HttpCallerTest {

  private static BackendException failure(URI service, CallContext context) {
    return catchThrowableOfType(
        BackendException.class, () -> Calls.caller(service).call(Calls.ASK, "secret", context));
  }

  private static void assertIs(BackendException failure, Effect effect, Advice advice) {
    assertThat(failure.effect()).isEqualTo(effect);
    assertThat(failure.advice()).isEqualTo(advice);
    assertThat(failure.getMessage()).startsWith("POST /ask: ").doesNotContain("secret");
  }

  @Test
  void whereNobodyListensNothingWasSent() throws Exception {
    URI nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    assertIs(failure(nobody, Calls.context()), Effect.NONE, new Advice.Transient());
  }

  @Test
  void whatIsNotAnsweredInTimeIsUnknown() throws Exception {
    try (RawService silent = new RawService("")) {
      BackendException failure = failure(silent.address(), Calls.context(Duration.ofMillis(200)));

      assertIs(failure, Effect.UNKNOWN, new Advice.Transient());
      assertThat(silent.heads()).hasSize(1);
    }
  }

  @Test
  void whoseTimeIsOverIsNotSent() throws Exception {
    try (RawService silent = new RawService("")) {
      BackendException failure = failure(silent.address(), Calls.context(Duration.ZERO));

      assertIs(failure, Effect.NONE, new Advice.Transient());
      assertThat(silent.heads()).isEmpty();
    }
  }

  @Test
  void aConnectionThatBreaksLeavesTheEffectUnknown() throws Exception {
    try (RawService rude = new RawService("HTTP/1.1 200 OK\nContent-Length: 99\n\nhalf")) {
      assertIs(failure(rude.address(), Calls.context()), Effect.UNKNOWN, new Advice.Transient());
    }
  }

  @Test
  void anAnswerIsNotKeptBeyondItsLimit() throws Exception {
    String tooLong = "x".repeat(70_000);
    String head = "HTTP/1.1 200 OK\nContent-Type: text/plain\n";
    for (String length : new String[] {"Content-Length: 70000\n\n", "\n"}) {
      try (RawService chatty = new RawService(head + length + tooLong)) {
        HttpCaller caller = Calls.caller(chatty.address()).withAnswerMax(65_536);
        BackendException failure =
            catchThrowableOfType(
                BackendException.class, () -> caller.call(Calls.ASK, "hi", Calls.context()));

        assertIs(failure, Effect.UNKNOWN, new Advice.Permanent());
        assertThat(failure).hasMessageContaining("LIMIT");
      }
    }
  }

  @Test
  void anAnswerOfAnotherKindOrThatCannotBeReadIsPermanent() throws Exception {
    String html = "HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 2\n\nhi";
    String broken = "HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 2\n\n\u00C3(";
    for (String answer : new String[] {html, broken}) {
      try (RawService service = new RawService(answer)) {
        assertIs(
            failure(service.address(), Calls.context()), Effect.UNKNOWN, new Advice.Permanent());
      }
    }
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    try (RawService silent = new RawService("")) {
      CallContext context = Calls.context();
      FutureTask<Boolean> task =
          new FutureTask<>(
              () -> {
                assertThatThrownBy(
                        () -> Calls.caller(silent.address()).call(Calls.ASK, "hi", context))
                    .isInstanceOf(InterruptedException.class);
                return true;
              });
      Thread caller = new Thread(task, "caller");
      caller.start();
      caller.interrupt();

      assertThat(task.get(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void whatCannotBeCalledIsRefusedWhenItIsMade() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Calls.caller(URI.create("http://user@host:1/path?q")))
        .withMessageContaining("http://host:port");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Calls.caller(URI.create("http://host:1")).withAnswerMax(-1))
        .withMessage("answerMax: -1 (expected: >= 0)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HttpRoute.post("no-slash", Codec.utf8(), Codec.utf8()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HttpRoute<>("GET", "/a", Codec.utf8(), Codec.utf8()))
        .withMessage("method: GET (expected: POST or PUT)");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                HttpServiceOptions.of(Calls.receiver(CallContext.Trust.EDGE, Observer.none()))
                    .withThreads(0, 1))
        .withMessageContaining("threads: 0");
  }
}
