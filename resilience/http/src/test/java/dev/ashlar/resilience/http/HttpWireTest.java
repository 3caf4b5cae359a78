package dev.ashlar.resilience.http;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.testkit.Subject;

@Subject("http")
class HttpWireTest extends HttpWireContract {

  @Override
  String ask(RawService service, CallContext context) throws InterruptedException {
    return Calls.caller(service.address()).call(Calls.ASK, "hi", context);
  }
}
