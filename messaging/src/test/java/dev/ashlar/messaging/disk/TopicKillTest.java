package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ChildJvm;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.topic.Bridge;
import dev.ashlar.messaging.topic.QueueTopic;
import dev.ashlar.messaging.topic.Subscription;
import dev.ashlar.messaging.topic.SubscriptionOptions;
import dev.ashlar.messaging.topic.TopicOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A child process publishes, forwards and consumes, all of it on disk, and its parent kills it.
 * What the parent has heard of is the ledger.
 *
 * <p>Without a setting it kills for a bounded time; {@code -Dashlar.kills=1000} kills as often.
 */
@Tag("engine")
class TopicKillTest {

  private static final List<String> NAMES = List.of("one", "two", "three");
  private static final Duration LONGEST = Duration.ofSeconds(20);
  private static final QueueOptions OPTIONS =
      QueueOptions.capacity(100_000).withVisibility(Duration.ofSeconds(1)).withAttemptsMax(1000);

  @TempDir Path folder;

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(20), TimeSource.system());
  }

  private static DiskOptions disk(Path folder) {
    return DiskOptions.folder(folder).withSegmentBytes(4 << 20);
  }

  /** A topic as its only process opens it. */
  private record Site(
      MessageQueue source,
      DiskSubscriptions registry,
      DiskSubscriberQueues queues,
      QueueTopic topic)
      implements AutoCloseable {

    static Site open(Path folder) throws InterruptedException {
      TimeSource time = TimeSource.system();
      Observer observer = Observer.none();
      MessageQueue source =
          DiskQueue.open("orders", OPTIONS, disk(folder.resolve("source")), time, observer);
      DiskSubscriptions registry =
          DiskSubscriptions.open(disk(folder.resolve("registry")), time, observer);
      DiskSubscriberQueues queues =
          DiskSubscriberQueues.of(OPTIONS, disk(folder.resolve("queues")), time, observer);
      QueueTopic topic = QueueTopic.of(source, registry, queues, TopicOptions.of(time, observer));
      queues.dropOthers(
          registry.all(soon()).stream().map(each -> each.queueName("orders")).toList());
      return new Site(source, registry, queues, topic);
    }

    MessageQueue subscribe(String name) throws InterruptedException {
      return topic.subscribe(name, SubscriptionOptions.durable(), soon());
    }

    @Override
    public void close() {
      queues.close();
      registry.close();
      source.close();
    }
  }

  /** The child: {@code FOLDER ROUND}. Its lines are "P id" and "G subscription id". */
  public static final class Child {

    private Child() {}

    /** Works until it is killed. */
    public static void main(String[] args) throws InterruptedException {
      Site site = Site.open(Path.of(args[0]));
      for (String name : NAMES) {
        MessageQueue queue = site.subscribe(name);
        if (!name.equals("three")) {
          new Thread(() -> consume(queue, name)).start();
        }
      }
      site.topic.startBridge();
      for (int t = 0; t < 2; t++) {
        String key = "k" + t;
        new Thread(() -> publish(site.topic, key, args[1])).start();
      }
      come(site.topic);
    }

    /** One more subscription comes and goes all the time. */
    private static void come(QueueTopic topic) throws InterruptedException {
      while (true) {
        topic.subscribe("passing", SubscriptionOptions.durable(), soon());
        topic.unsubscribe("passing", soon());
        System.out.println("S");
      }
    }

    private static void publish(QueueTopic topic, String key, String round) {
      try {
        for (int i = 0; ; i++) {
          String id = String.format("%s-%s-%06d", key, round, i);
          Message message = Message.of(new MessageId(id), Bytes.utf8(id)).withKey(key);
          topic.send(message, soon());
          System.out.println("P " + id);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static void consume(MessageQueue queue, String name) {
      try {
        while (true) {
          for (Delivery each : queue.receive(10, soon())) {
            System.out.println("G " + name + " " + each.message().id());
            each.settle(Outcome.done(), soon());
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void whatWasPublishedComesToEverySubscriptionInOrderHoweverOftenAllOfItDies() throws Exception {
    long seed = Seeds.next();
    RandomGenerator random = Seeds.random(seed);
    int asked = Integer.getInteger("ashlar.kills", 0);
    Deadline end = Deadline.after(LONGEST, TimeSource.system());
    Set<String> published = new LinkedHashSet<>();
    Map<String, Set<String>> got = new HashMap<>();
    int rounds = 0;
    while (asked > 0 ? rounds < asked : !end.hasExpired()) {
      int lines = 50 + random.nextInt(600);
      String round = String.format("r%05d", rounds);
      List<String> told = killedAfter(lines, folder.toString(), round);
      for (String line : told) {
        String[] parts = line.split(" ", -1);
        if (parts[0].equals("P")) {
          published.add(parts[1]);
        } else if (parts[0].equals("G")) {
          in(got, parts[1]).add(parts[2]);
        }
      }
      rounds++;
    }
    drain(got);
    for (String name : NAMES) {
      assertThat(in(got, name)).as("%s, seed %d", name, seed).containsAll(published);
      for (String key : List.of("k0", "k1")) {
        assertThat(in(got, name).stream().filter(id -> id.startsWith(key)))
            .as("first arrivals of %s at %s, seed %d", key, name, seed)
            .isSorted();
      }
    }
    System.out.println("kill rounds: " + rounds + ", published: " + published.size());
  }

  private static List<String> killedAfter(int lines, String... arguments)
      throws IOException, InterruptedException {
    try (ChildJvm child = ChildJvm.start(Child.class, ChildJvm.small("128m"), arguments)) {
      return child.killAfter(lines, Duration.ofSeconds(60));
    }
  }

  private static Set<String> in(Map<String, Set<String>> got, String name) {
    return got.computeIfAbsent(name, key -> new LinkedHashSet<>());
  }

  private void drain(Map<String, Set<String>> got) throws Exception {
    try (Site site = Site.open(folder)) {
      List<Subscription> there = site.topic.subscriptions(soon());
      assertThat(there).extracting(Subscription::name).containsAll(NAMES);
      List<MessageQueue> queues = new ArrayList<>();
      for (String name : NAMES) {
        queues.add(site.subscribe(name));
      }
      try (Bridge bridge = site.topic.startBridge()) {
        Eventually.holds(
            "an empty source and empty queues",
            Duration.ofSeconds(60),
            () -> {
              for (int i = 0; i < NAMES.size(); i++) {
                take(queues.get(i), in(got, NAMES.get(i)));
              }
              return isEmpty(site.source) && queues.stream().allMatch(TopicKillTest::isEmpty);
            });
        assertThat(bridge.failure()).isEmpty();
      }
    }
  }

  private static void take(MessageQueue queue, Set<String> got) throws InterruptedException {
    Deadline atOnce = Deadline.after(Duration.ZERO, TimeSource.system());
    List<Delivery> deliveries = queue.receive(100, atOnce);
    deliveries.forEach(each -> got.add(each.message().id().value()));
    if (!deliveries.isEmpty()) {
      queue.settleAll(deliveries, Outcome.done(), soon());
    }
  }

  private static boolean isEmpty(MessageQueue queue) {
    try {
      MessageQueue.Depth depth = queue.depth(soon());
      return depth.waiting() + depth.inFlight() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
