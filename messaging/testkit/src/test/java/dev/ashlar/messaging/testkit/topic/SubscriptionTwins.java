package dev.ashlar.messaging.testkit.topic;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.topic.Subscription;
import dev.ashlar.messaging.topic.SubscriptionOptions;
import dev.ashlar.messaging.topic.SubscriptionOptions.Life;
import dev.ashlar.messaging.topic.SubscriptionOptions.WhenFull;
import dev.ashlar.messaging.topic.SubscriptionRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Topics that do not know who has subscribed, for how long, or how. */
final class SubscriptionTwins {

  private SubscriptionTwins() {}

  /** Never gets to the last of its subscriptions. */
  static class ForgetsTheLastTwin extends TopicTwin {
    @Override
    SubscriptionRegistry brokenRegistry(SubscriptionRegistry healthy) {
      return new ChangedRegistry(healthy) {
        @Override
        public List<Subscription> all(Deadline deadline) throws InterruptedException {
          List<Subscription> all = super.all(deadline);
          return all.size() < 2 ? all : all.subList(0, all.size() - 1);
        }
      };
    }
  }

  /** Reads the list now and then, and goes on with the last one. */
  static class CachesTheListTwin extends TopicTwin {
    @Override
    SubscriptionRegistry brokenRegistry(SubscriptionRegistry healthy) {
      TimeSource time = time();
      return new ChangedRegistry(healthy) {
        private Optional<List<Subscription>> cached = Optional.empty();
        private long cachedAt;

        @Override
        public synchronized List<Subscription> all(Deadline deadline) throws InterruptedException {
          long now = time.nanos();
          if (cached.isEmpty() || now - cachedAt > term().toNanos()) {
            cached = Optional.of(super.all(deadline));
            cachedAt = now;
          }
          return cached.get();
        }
      };
    }
  }

  /** Lets durable subscriptions end as transient ones do. */
  static class ForgetsTheAbsentTwin extends TopicTwin {
    @Override
    SubscriptionRegistry brokenRegistry(SubscriptionRegistry healthy) {
      TimeSource time = time();
      Map<String, Long> seen = new HashMap<>();
      return new ChangedRegistry(healthy) {
        @Override
        public synchronized Subscription add(
            String name, SubscriptionOptions options, Deadline deadline)
            throws InterruptedException {
          seen.put(name, time.nanos());
          return super.add(name, options, deadline);
        }

        @Override
        public synchronized boolean renew(Subscription subscription, Deadline deadline)
            throws InterruptedException {
          seen.put(subscription.name(), time.nanos());
          return super.renew(subscription, deadline);
        }

        @Override
        public synchronized List<Subscription> all(Deadline deadline) throws InterruptedException {
          long now = time.nanos();
          return super.all(deadline).stream()
              .filter(each -> now - seen.getOrDefault(each.name(), 0L) < term().toNanos())
              .toList();
        }
      };
    }
  }

  /** Registers subscriptions with other options than it says. */
  abstract static class OtherOptionsTwin extends TopicTwin {

    abstract SubscriptionOptions really(SubscriptionOptions options);

    @Override
    SubscriptionRegistry brokenRegistry(SubscriptionRegistry healthy) {
      Map<Long, SubscriptionOptions> claimed = new HashMap<>();
      return new ChangedRegistry(healthy) {
        @Override
        public synchronized Subscription add(
            String name, SubscriptionOptions options, Deadline deadline)
            throws InterruptedException {
          Subscription added = super.add(name, really(options), deadline);
          claimed.putIfAbsent(added.number(), options);
          return claiming(added);
        }

        private Subscription claiming(Subscription there) {
          return new Subscription(
              there.name(),
              there.number(),
              claimed.getOrDefault(there.number(), there.options()),
              there.state());
        }
      };
    }
  }

  /** Keeps transient subscriptions for ever. */
  static class KeepsThePassingTwin extends OtherOptionsTwin {
    @Override
    SubscriptionOptions really(SubscriptionOptions options) {
      return new SubscriptionOptions(Life.DURABLE, options.whenFull(), options.patience());
    }
  }

  /** Blocks where it should drop or detach. */
  static class AlwaysBlocksTwin extends OtherOptionsTwin {
    @Override
    SubscriptionOptions really(SubscriptionOptions options) {
      return options.withWhenFull(WhenFull.BLOCK, options.patience());
    }
  }

  /** Drops where it should block or detach. */
  static class AlwaysDropsTwin extends OtherOptionsTwin {
    @Override
    SubscriptionOptions really(SubscriptionOptions options) {
      return options.withWhenFull(WhenFull.DROP, options.patience());
    }
  }

  /** Drops at once, whatever patience was asked for. */
  static class ImpatientTwin extends OtherOptionsTwin {
    @Override
    SubscriptionOptions really(SubscriptionOptions options) {
      return options.withWhenFull(options.whenFull(), Duration.ZERO);
    }
  }

  /** Gives a new subscription the queue of an old one with its name. */
  static class ReusesTheQueueTwin extends TopicTwin {
    @Override
    protected MessageQueue open(String name, QueueOptions options, Observer observer) {
      int number = name.lastIndexOf('.');
      return super.open(number < 0 ? name : name.substring(0, number) + ".x", options, observer);
    }
  }

  /** Makes each member a subscription of its own. */
  static class CopiesToMembersTwin extends TopicTwin {
    @Override
    SubscriptionRegistry brokenRegistry(SubscriptionRegistry healthy) {
      AtomicInteger members = new AtomicInteger();
      return new ChangedRegistry(healthy) {
        @Override
        public Subscription add(String name, SubscriptionOptions options, Deadline deadline)
            throws InterruptedException {
          return super.add(name + members.incrementAndGet(), options, deadline);
        }
      };
    }
  }

  /** Has one queue for all subscriptions. */
  static class SharesOneQueueTwin extends TopicTwin {
    @Override
    protected MessageQueue open(String name, QueueOptions options, Observer observer) {
      int topic = name.indexOf('.');
      return super.open(topic < 0 ? name : name.substring(0, topic) + ".all", options, observer);
    }
  }
}
