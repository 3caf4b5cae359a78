package dev.ashlar.messaging.testkit.log;

import dev.ashlar.messaging.consume.Handler;
import dev.ashlar.messaging.log.GroupMember;
import dev.ashlar.messaging.log.LogConsumer;
import dev.ashlar.messaging.log.LogConsumerOptions;
import dev.ashlar.messaging.log.Poison;

/** Consumers that do something else with what they cannot handle. */
final class PoisonTwins {

  private PoisonTwins() {}

  /** Passes poison over, whatever the policy. */
  static class SkipsPoisonTwin extends LogTwin {
    @Override
    protected LogConsumer start(GroupMember member, Handler handler, LogConsumerOptions options) {
      return super.start(
          member, handler, options.withPoison(options.attemptsMax(), new Poison.Skip()));
    }
  }

  /** Stops at poison, whatever the policy. */
  static class StopsAtPoisonTwin extends LogTwin {
    @Override
    protected LogConsumer start(GroupMember member, Handler handler, LogConsumerOptions options) {
      return super.start(
          member, handler, options.withPoison(options.attemptsMax(), new Poison.Stop()));
    }
  }

  /** Gives up at the first failure. */
  static class NeverRetriesTwin extends LogTwin {
    @Override
    protected LogConsumer start(GroupMember member, Handler handler, LogConsumerOptions options) {
      return super.start(member, handler, options.withPoison(1, options.poison()));
    }
  }
}
