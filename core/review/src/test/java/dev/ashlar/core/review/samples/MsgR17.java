package dev.ashlar.core.review.samples;

import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.inbox.InboxOptions;
import java.time.Duration;

/** Inboxes that forget too soon. */
final class MsgR17 {

  private MsgR17() {}

  @Finds(1)
  static final class Wrong {

    InboxOptions options() {
      // [readme:guessed]
      Duration horizon = Duration.ofDays(1); // The queue keeps a message for fourteen.
      return new InboxOptions("payment", horizon, horizon);
      // [/readme]
    }
  }

  @Finds(0)
  static final class Right {

    InboxOptions options(MessageQueue queue) {
      // [readme:asked]
      Duration horizon = queue.guarantees().redeliveryHorizon();
      return new InboxOptions("payment", horizon.plusDays(1), horizon);
      // [/readme]
    }
  }
}
