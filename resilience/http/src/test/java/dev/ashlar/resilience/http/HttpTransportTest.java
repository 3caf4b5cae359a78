package dev.ashlar.resilience.http;

import dev.ashlar.core.testkit.Subject;
import dev.ashlar.resilience.testkit.TestedTransport;
import dev.ashlar.resilience.testkit.TransportContract;

@Subject("http")
class HttpTransportTest extends TransportContract {

  @Override
  protected TestedTransport open(TestedTransport.Setting setting) {
    return HttpTransport.open(setting);
  }
}
