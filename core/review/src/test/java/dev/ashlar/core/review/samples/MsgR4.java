package dev.ashlar.core.review.samples;

import dev.ashlar.core.CallContext;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.consume.Consumer;
import dev.ashlar.messaging.consume.ConsumerOptions;
import dev.ashlar.messaging.consume.Handler;
import java.util.random.RandomGenerator;

/** Settling before the effect. */
final class MsgR4 {

  private MsgR4() {}

  @Finds(1)
  record Wrong(MessageQueue queue, Handler charge) {

    Consumer start(CallContext.Receiver receiver, RandomGenerator random) {
      // [readme:settled-first]
      ConsumerOptions options =
          ConsumerOptions.of("payment", receiver, random)
              .withMode(ConsumerOptions.Mode.AT_MOST_ONCE);
      return Consumer.start(queue, charge, options);
      // [/readme]
    }
  }

  @Finds(0)
  record Right(MessageQueue queue, Handler charge) {

    Consumer start(CallContext.Receiver receiver, RandomGenerator random) {
      // [readme:settled-last]
      ConsumerOptions options = ConsumerOptions.of("payment", receiver, random);
      return Consumer.start(queue, charge, options);
      // [/readme]
    }
  }
}
