package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ChildJvm;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.Settlement;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.LogReader;
import dev.ashlar.messaging.log.Partition;
import dev.ashlar.messaging.log.ReadResult;
import dev.ashlar.messaging.log.StartAt;
import dev.ashlar.messaging.topic.LogTopic;
import dev.ashlar.messaging.topic.LogTopicOptions;
import dev.ashlar.messaging.topic.Subscription;
import dev.ashlar.messaging.topic.SubscriptionOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A child process publishes to a topic over a log, and receives and settles in two subscriptions,
 * one of them shared by two members, all of it on disk, and its parent kills it. What the parent
 * has heard of is the {@link LogTopicLedger}.
 *
 * <p>Without a setting it kills for a bounded time; {@code -Dashlar.kills=1000} kills as often.
 */
@Tag("engine")
class LogTopicKillTest {

  private static final List<String> MEMBERS = List.of("one a", "one b", "two a");
  private static final String PASSING = "passing";
  private static final int PRODUCERS = 3;
  private static final int KEYS = 12;
  private static final int WINDOW = 64;
  private static final int KILLED = 128 + 9;
  private static final Duration LONGEST = Duration.ofSeconds(20);

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  private static Deadline soon() {
    return in(Duration.ofSeconds(20));
  }

  private static Deadline in(Duration time) {
    return Deadline.after(time, TimeSource.system());
  }

  /** A topic as its only process opens it. Nobody here loses a partition by being slow. */
  private record Site(EventLog log, DiskSubscriptions registry, LogTopic topic)
      implements AutoCloseable {

    static Site open(Path folder) throws InterruptedException {
      TimeSource time = TimeSource.system();
      Observer observer = Observer.none();
      EventLog log =
          DiskEventLog.open(
              "orders",
              DiskOptions.folder(folder.resolve("log")).withSegmentBytes(1 << 20),
              LogOptions.partitions(3).withRetention(Duration.ofDays(1), 1L << 30),
              time,
              observer);
      DiskSubscriptions registry =
          DiskSubscriptions.open(DiskOptions.folder(folder.resolve("registry")), time, observer);
      LogTopicOptions options =
          LogTopicOptions.of(time, observer).withAttemptsMax(1000).withWindow(WINDOW);
      return new Site(log, registry, LogTopic.of(log, registry, options));
    }

    MessageQueue subscribe(String name) throws InterruptedException {
      return topic.subscribe(name, SubscriptionOptions.durable(), soon());
    }

    List<Member> members(Consumer<String> ledger) throws InterruptedException {
      List<Member> members = new ArrayList<>();
      for (String each : MEMBERS) {
        members.add(new Member(each, subscribe(each.split(" ", -1)[0]), ledger));
        ledger.accept("S " + each);
      }
      return members;
    }

    @Override
    public void close() {
      registry.close();
      log.close();
    }
  }

  /** A member of a subscription, which is "subscription member", and tells all that it does. */
  private record Member(String name, MessageQueue queue, Consumer<String> ledger) {

    List<Delivery> receive(Duration longest) throws InterruptedException {
      List<Delivery> deliveries = new ArrayList<>(queue.receive(10, in(longest)));
      deliveries.forEach(each -> tell("G", each));
      return deliveries;
    }

    void done(Delivery delivery) throws InterruptedException {
      tell("T", delivery);
      assertThat(delivery.settle(Outcome.done(), soon())).isEqualTo(Settlement.APPLIED);
      tell("D", delivery);
    }

    private void tell(String what, Delivery delivery) {
      ledger.accept(what + " " + name + " " + delivery.message().id());
    }

    boolean isEmpty() throws InterruptedException {
      MessageQueue.Depth depth = queue.depth(soon());
      return depth.waiting() + depth.inFlight() + depth.dead() == 0;
    }
  }

  /** The child: {@code FOLDER ROUND SEED}. */
  public static final class Child {

    private Child() {}

    /** Works until it is killed. */
    public static void main(String[] args) throws InterruptedException {
      Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> tell("X " + failure));
      tell("S begins");
      Site site = Site.open(Path.of(args[0]));
      tell("S open");
      long seed = Long.parseLong(args[2]);
      for (Member each : site.members(Child::tell)) {
        start(() -> consume(each, new Random(seed + each.name().hashCode())));
      }
      for (int i = 0; i < PRODUCERS; i++) {
        String tail = "p" + i + "-" + args[1];
        RandomGenerator random = Seeds.random(seed + i);
        start(() -> publish(site.topic(), tail, random));
      }
      come(site);
    }

    private static void tell(String line) {
      System.out.println(line);
    }

    private interface Loop {
      void run() throws InterruptedException;
    }

    private static void start(Loop loop) {
      new Thread(
              () -> {
                try {
                  loop.run();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              })
          .start();
    }

    /** One more subscription comes and goes all the time. */
    private static void come(Site site) throws InterruptedException {
      while (true) {
        try (MessageQueue queue = site.subscribe(PASSING)) {
          assertThat(queue.receive(1, soon())).isNotEmpty();
        }
        assertThat(site.topic().unsubscribe(PASSING, soon())).isTrue();
        tell("S passed");
      }
    }

    private static void publish(LogTopic topic, String tail, RandomGenerator random)
        throws InterruptedException {
      for (int i = 0; ; i++) {
        String key = "k" + random.nextInt(KEYS);
        String id = String.format("%s-%s-%06d", key, tail, i);
        topic.send(Message.of(new MessageId(id), Bytes.utf8(id)).withKey(key), soon());
        tell("P " + id);
      }
    }

    /** Settles in any order; what it does not come to otherwise, it has redriven when idle. */
    private static void consume(Member member, Random random) throws InterruptedException {
      while (true) {
        List<Delivery> deliveries = member.receive(Duration.ofMillis(20));
        Collections.shuffle(deliveries, random);
        for (Delivery each : deliveries) {
          settle(member, each, random);
        }
        if (deliveries.isEmpty()) {
          DeadLetters dead = member.queue().deadLetters();
          for (DeadLetters.Entry each : dead.list(WINDOW, soon())) {
            dead.redrive(each.message().id(), soon());
          }
        }
      }
    }

    private static void settle(Member member, Delivery delivery, Random random)
        throws InterruptedException {
      int chance = random.nextInt(100);
      if (chance < 2) {
        member.tell("L", delivery);
        delivery.settle(new Outcome.DeadLetter("chance"), soon());
      } else if (chance < 12) {
        delivery.settle(new Outcome.Retry(Duration.ofMillis(random.nextInt(30)), "chance"), soon());
      } else if (chance < 17) {
        delivery.release(soon());
      } else {
        member.done(delivery);
      }
    }
  }

  @Test
  void whatWasPublishedComesToEverySubscriptionAndWhatWasCommittedNoMoreHoweverOftenAllDies()
      throws Exception {
    long seed = Seeds.next();
    System.out.println("seed: " + seed);
    RandomGenerator random = Seeds.random(seed);
    int asked = Integer.getInteger("ashlar.kills", 0);
    Deadline end = in(LONGEST);
    LogTopicLedger ledger = new LogTopicLedger(WINDOW);
    int rounds = 0;
    while (asked > 0 ? rounds < asked : !end.hasExpired()) {
      // Some die while they open and subscribe.
      int lines = random.nextInt(4) == 0 ? 1 + random.nextInt(8) : 50 + random.nextInt(1500);
      String round = String.format("r%05d", rounds);
      ledger.begin();
      live(ledger, lines, folder.toString(), round, Long.toString(random.nextLong()));
      rounds++;
    }
    ledger.begin();
    Map<String, List<String>> log = drain(ledger);
    ledger.check(log, Set.of("one", "two"), "seed " + seed);
    assertThat(ledger.members()).containsExactlyInAnyOrderElementsOf(MEMBERS);
    System.out.println("kill rounds: " + rounds + ", published: " + ledger.accepted());
  }

  /** One life; what it wrote until its end counts, so that nothing was settled without a line. */
  private static void live(LogTopicLedger ledger, int lines, String... arguments)
      throws IOException, InterruptedException {
    try (ChildJvm child = ChildJvm.start(Child.class, ChildJvm.small("128m"), arguments)) {
      child.killAfter(lines, PATIENCE).forEach(ledger::tell);
      assertThat(child.awaitEnd(PATIENCE)).isEqualTo(KILLED);
    }
  }

  /** The last life, which settles all there is; returns the ids in each partition. */
  private Map<String, List<String>> drain(LogTopicLedger ledger) throws Exception {
    try (Site site = Site.open(folder)) {
      List<Member> members = site.members(ledger::tell);
      site.topic().unsubscribe(PASSING, soon());
      assertThat(site.log().groups(soon()))
          .isEqualTo(
              site.topic().subscriptions(soon()).stream()
                  .map(each -> each.queueName("orders"))
                  .collect(Collectors.toSet()));
      assertThat(site.topic().subscriptions(soon()))
          .extracting(Subscription::name)
          .containsExactlyInAnyOrder("one", "two");
      Eventually.holds("empty subscriptions", Duration.ofMinutes(2), () -> isDrained(members));
      return contents(site.log());
    }
  }

  private static boolean isDrained(List<Member> members) throws InterruptedException {
    boolean empty = true;
    for (Member member : members) {
      for (Delivery each : member.receive(Duration.ZERO)) {
        member.done(each);
      }
      empty &= member.isEmpty();
    }
    return empty;
  }

  private static Map<String, List<String>> contents(EventLog log) throws InterruptedException {
    Map<String, List<String>> contents = new HashMap<>();
    for (Partition partition : log.partitions(soon())) {
      List<String> ids = contents.computeIfAbsent(partition.id(), key -> new ArrayList<>());
      try (LogReader reader = log.reader(partition.id(), StartAt.beginning(), soon())) {
        while (reader.read(1000, in(Duration.ZERO)) instanceof ReadResult.Records read
            && !read.records().isEmpty()) {
          read.records().forEach(each -> ids.add(each.message().id().value()));
        }
      }
    }
    return contents;
  }
}
