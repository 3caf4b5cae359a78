package dev.ashlar.resilience.http;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Criticality;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;

/** What the tests of this module call with; everything lives by the machine's clock. */
final class Calls {

  static final TimeSource TIME = TimeSource.system();
  static final HttpRoute<String, String> ASK = HttpTransport.ASK;
  static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

  private Calls() {}

  static CallContext context(Duration left) {
    return CallContext.root(IdSource.system(), Deadline.after(left, TIME), "test");
  }

  static CallContext context() {
    return context(Duration.ofSeconds(30));
  }

  static CallContext.Receiver receiver(CallContext.Trust trust, Observer observer) {
    return new CallContext.Receiver(
        trust, Criticality.CRITICAL_PLUS, Duration.ofMinutes(1), IdSource.system(), TIME, observer);
  }

  static HttpCaller caller(URI service) {
    return HttpCaller.of(CLIENT, service, Observer.none());
  }
}
