package dev.ashlar.core.review.samples;

import dev.ashlar.messaging.DeadKey;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.QueueOptions;

/** Keys whose dead letters nobody thought of. */
final class MsgR13 {

  private MsgR13() {}

  @Finds(1)
  static final class Wrong {

    // [readme:undecided]
    QueueOptions options() {
      return QueueOptions.capacity(10_000);
    }

    Message posting(Order order) {
      return order.message().withKey(order.account()); // Order matters, until one is dead.
    }
    // [/readme]
  }

  @Finds(0)
  static final class Right {

    // [readme:decided]
    QueueOptions options() {
      return QueueOptions.capacity(10_000).withDeadKey(DeadKey.park(100));
    }

    Message posting(Order order) {
      return order.message().withKey(order.account());
    }
    // [/readme]
  }

  @Finds(0)
  static final class RightWithoutKeys {

    QueueOptions options() {
      return QueueOptions.capacity(10_000);
    }
  }
}
