package dev.ashlar.messaging.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ChildJvm;
import dev.ashlar.core.testkit.Seeds;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A child process appends from several threads and tells its parent of every acknowledgement, and
 * the parent kills it with a signal that cannot be caught. What the parent has heard of is the
 * ledger: it lives outside of the process that dies.
 *
 * <p>Without a setting it kills for a bounded time; {@code -Dashlar.kills=5000} kills as often,
 * however long that takes.
 */
@Tag("engine")
class KillTest {

  private static final int KILLS = 200;
  private static final int KILLS_WITH_MIRRORS = 40;

  /** A slow machine does fewer rounds, and says how many. */
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int KILLS_MIN = 10;
  private static final int THREADS = 4;
  private static final int KEPT = 20_000;

  @TempDir Path one;
  @TempDir Path two;

  private static DiskOptions options(Durability durability, Path... folders) {
    return DiskOptions.mirrors(folders).withSegmentBytes(256 << 10).withDurability(durability);
  }

  private static Durability durability(String forced) {
    return forced.equals("forced") ? Durability.ON_APPEND : Durability.OS;
  }

  /**
   * The child: {@code NAME forced|unforced FOLDER...}. Each line is "number text" of an
   * acknowledged record.
   */
  public static final class Child {

    private Child() {}

    public static void main(String[] args) {
      Path[] folders = Stream.of(args).skip(2).map(Path::of).toArray(Path[]::new);
      DiskOptions options = options(durability(args[1]), folders);
      Journal journal = Journal.open(options, TimeSource.system(), Observer.none());
      for (int i = 0; i < THREADS; i++) {
        String name = args[0] + "-" + i;
        new Thread(() -> produce(journal, name, System.out)).start();
      }
    }

    private static void produce(Journal journal, String name, PrintStream out) {
      try {
        for (int i = 0; ; i++) {
          String text = name + "-" + i + "-" + "p".repeat(i % 700);
          Ticket ticket = journal.append(Payload.of(Bytes.utf8(text)), Journals.soon());
          if (ticket.await(Journals.soon())) {
            out.println(ticket.first() + " " + text);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private interface Disturbance {
    void between(int round) throws IOException;
  }

  @Test
  void whatWasAcknowledgedOutlivesEveryKill() throws Exception {
    int rounds = killAndCheck(KILLS, Seeds.next(), round -> {}, "forced", one);
    System.out.println("kill rounds: " + rounds);
  }

  /** What was stored into mapped memory, and forced by nobody, is in the page cache. */
  @Test
  void whatWasAcknowledgedWithoutForceOutlivesEveryKill() throws Exception {
    int rounds = killAndCheck(KILLS, Seeds.next(), round -> {}, "unforced", one);
    System.out.println("kill rounds without force: " + rounds);
  }

  @Test
  void whatWasAcknowledgedOutlivesKillsAndLostDisks() throws Exception {
    long seed = Seeds.next();
    RandomGenerator random = Seeds.random(seed ^ 1);
    Disturbance loss =
        round -> {
          if (random.nextInt(3) == 0) {
            empty(random.nextBoolean() ? one : two);
          }
        };
    int rounds = killAndCheck(KILLS_WITH_MIRRORS, seed, loss, "forced", one, two);
    System.out.println("kill rounds with mirrors: " + rounds);
  }

  /** Kills again and again; returns how often. */
  private static int killAndCheck(
      int usual, long seed, Disturbance disturbance, String forced, Path... folders)
      throws Exception {
    System.out.println("kill seed: " + seed);
    RandomGenerator random = Seeds.random(seed);
    int asked = Integer.getInteger("ashlar.kills", 0);
    int kills = asked > 0 ? asked : usual;
    Deadline enough = Deadline.after(LONGEST, TimeSource.system());
    NavigableMap<Long, String> ledger = new TreeMap<>();
    int rounds = 0;
    while (rounds < kills && (asked > 0 || rounds < KILLS_MIN || !enough.hasExpired())) {
      int lines = random.nextInt(8) == 0 ? 1 + random.nextInt(20) : 20 + random.nextInt(300);
      killAfter(lines, List.of("child" + rounds, forced), ledger, folders);
      disturbance.between(rounds);
      check(ledger, seed, options(durability(forced), folders));
      rounds++;
    }
    return rounds;
  }

  /** Opens what the child left, holds it against the ledger, and forgets what is old in both. */
  private static void check(NavigableMap<Long, String> ledger, long seed, DiskOptions options) {
    try (Journal journal = Journal.open(options, TimeSource.system(), Observer.none())) {
      Set<String> found = new HashSet<>();
      long[] acknowledged = new long[1];
      try (JournalReader reader = journal.reader(journal.first())) {
        JournalReader.Sink sink =
            (number, array, offset, length) -> {
              String text =
                  Bytes.owning(Arrays.copyOfRange(array, offset, offset + length)).toUtf8();
              assertThat(found.add(text)).as("once only: %s, seed %d", number, seed).isTrue();
              String told = ledger.get(number);
              if (told != null) {
                assertThat(text).as("record %d, seed %d", number, seed).isEqualTo(told);
                acknowledged[0]++;
              }
            };
        while (reader.read(sink) > 0) {
          // On to the next batch.
        }
      }
      assertThat(acknowledged[0])
          .as("acknowledged records, seed %d", seed)
          .isEqualTo(ledger.tailMap(journal.first()).size());
      long first = journal.forgetBefore(Math.max(0, journal.end() - KEPT));
      ledger.headMap(first).clear();
    }
  }

  private static void killAfter(
      int lines, List<String> first, NavigableMap<Long, String> ledger, Path... folders)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(first);
    Stream.of(folders).map(Path::toString).forEach(arguments::add);
    try (ChildJvm child =
        ChildJvm.start(Child.class, ChildJvm.SMALL, arguments.toArray(String[]::new))) {
      for (String line : child.killAfter(lines, PATIENCE)) {
        int space = line.indexOf(' ');
        ledger.put(Long.valueOf(line.substring(0, space)), line.substring(space + 1));
      }
    }
  }

  private static void empty(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }
}
