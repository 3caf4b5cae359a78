package dev.ashlar.core.testkit.context;

import dev.ashlar.core.testkit.Subject;

@Subject("propagation")
class AmbientTest extends AmbientContract {

  @Override
  ContextPort port() {
    return new ContextPort() {};
  }
}
