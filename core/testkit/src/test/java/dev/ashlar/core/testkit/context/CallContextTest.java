package dev.ashlar.core.testkit.context;

import dev.ashlar.core.testkit.Subject;

@Subject("propagation")
class CallContextTest extends CallContextContract {

  @Override
  ContextPort port() {
    return new ContextPort() {};
  }
}
