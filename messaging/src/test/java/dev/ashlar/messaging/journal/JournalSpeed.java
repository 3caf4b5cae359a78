package dev.ashlar.messaging.journal;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * The journal against yardstick C, by hand: {@code JournalSpeed FOLDER [rounds [cases]]}.
 * Everything runs in one process, interleaved; the ratios of each round are what counts, their
 * median is printed.
 */
final class JournalSpeed {

  private static final TimeSource TIME = TimeSource.system();
  private static final byte[] PAYLOAD = new byte[100];
  private static final Payload RECORD = Payload.of(Bytes.copyOf(PAYLOAD));
  private static final long WARM_NANOS = 500_000_000L;
  private static final long RUN_NANOS = 1_500_000_000L;
  private static final int READ_RECORDS = 2_000_000;
  private static final int REOPEN_RECORDS = 10_000_000;

  private static final String ALL = "1,16,64,flight,os,read,reopen,allocation";

  private final Path folder;
  private final Map<String, List<double[]>> results = new TreeMap<>();

  private JournalSpeed(Path folder) {
    this.folder = folder;
  }

  /** One kind of log under test. */
  private interface Log extends AutoCloseable {
    void appendAndAwait() throws Exception;

    void pipeline(int inFlight) throws Exception;

    @Override
    void close();
  }

  private interface Opening {
    Log open(Path folder) throws Exception;
  }

  public static void main(String[] args) throws Exception {
    JournalSpeed speed = new JournalSpeed(Path.of(args[0]));
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    List<String> cases = List.of((args.length > 2 ? args[2] : ALL).split(","));
    for (int round = 0; round < rounds; round++) {
      speed.round(cases);
    }
    speed.print();
    if (cases.contains("reopen")) {
      speed.reopening();
    }
    if (cases.contains("allocation")) {
      speed.allocation();
    }
  }

  private void round(List<String> cases) throws Exception {
    for (int threads : new int[] {1, 16, 64}) {
      if (cases.contains(String.valueOf(threads))) {
        compare(threads + " blocking", threads, 1);
      }
    }
    if (cases.contains("flight")) {
      compare("1 thread, 1000 in flight", 1, 1000);
    }
    if (cases.contains("os")) {
      operatingSystem();
    }
    if (cases.contains("read")) {
      reading();
    }
  }

  private void compare(String name, int threads, int inFlight) throws Exception {
    double yardstick = rate(YardstickLog::new, threads, inFlight);
    double journal = rate(JournalLog::new, threads, inFlight);
    results.computeIfAbsent(name, n -> new ArrayList<>()).add(new double[] {yardstick, journal});
  }

  private double rate(Opening opening, int threads, int inFlight) throws Exception {
    empty();
    try (Log log = opening.open(folder)) {
      // The first append makes a segment and the next one is made beside it: not what is measured.
      log.appendAndAwait();
      TIME.sleep(Duration.ofMillis(700));
      run(log, threads, inFlight, WARM_NANOS);
      return run(log, threads, inFlight, RUN_NANOS);
    }
  }

  private static double run(Log log, int threads, int inFlight, long nanos) throws Exception {
    LongAdder done = new LongAdder();
    long start = TIME.nanos();
    List<Thread> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread thread = new Thread(() -> produce(log, inFlight, start + nanos, done));
      thread.start();
      all.add(thread);
    }
    for (Thread thread : all) {
      thread.join();
    }
    return done.sum() * 1e9 / (TIME.nanos() - start);
  }

  private static void produce(Log log, int inFlight, long end, LongAdder done) {
    try {
      while (TIME.nanos() - end < 0) {
        if (inFlight == 1) {
          log.appendAndAwait();
        } else {
          log.pipeline(inFlight);
        }
        done.add(inFlight);
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class YardstickLog implements Log {
    private final Yardstick log;
    private final ArrayDeque<Long> open = new ArrayDeque<>();

    YardstickLog(Path folder) throws Exception {
      log = new Yardstick(folder);
    }

    @Override
    public void appendAndAwait() throws Exception {
      log.await(log.append(PAYLOAD));
    }

    @Override
    public void pipeline(int inFlight) throws Exception {
      for (int i = 0; i < inFlight; i++) {
        if (open.size() == inFlight) {
          log.await(open.remove());
        }
        open.add(log.append(PAYLOAD));
      }
    }

    @Override
    public void close() {
      log.close();
    }
  }

  private static final class JournalLog implements Log {
    private final Journal log;
    private final Deadline deadline = Deadline.after(Duration.ofHours(1), TIME);
    private final ArrayDeque<Ticket> open = new ArrayDeque<>();

    JournalLog(Path folder) {
      this(folder, Durability.ON_APPEND);
    }

    JournalLog(Path folder, Durability durability) {
      log =
          Journal.open(
              DiskOptions.folder(folder).withDurability(durability), TIME, Observer.none());
    }

    @Override
    public void appendAndAwait() throws Exception {
      if (!log.append(RECORD, deadline).await(deadline)) {
        throw new IllegalStateException("late");
      }
    }

    @Override
    public void pipeline(int inFlight) throws Exception {
      for (int i = 0; i < inFlight; i++) {
        if (open.size() == inFlight && !open.remove().await(deadline)) {
          throw new IllegalStateException("late");
        }
        open.add(log.append(RECORD, deadline));
      }
    }

    @Override
    public void close() {
      log.close();
    }
  }

  /** Without force there is no yardstick: one at a time stands first, 1000 in flight second. */
  private void operatingSystem() throws Exception {
    Opening opening = path -> new JournalLog(path, Durability.OS);
    double blocking = rate(opening, 1, 1);
    double pipelined = rate(opening, 1, 1000);
    results
        .computeIfAbsent("OS: 1 blocking, 1000 in flight", n -> new ArrayList<>())
        .add(new double[] {blocking, pipelined});
  }

  private void reading() throws Exception {
    empty();
    int files;
    try (YardstickLog log = new YardstickLog(folder)) {
      for (int i = 0; i < READ_RECORDS; i += 1000) {
        log.pipeline(1000);
      }
      files = log.log.files();
    }
    Yardstick.readAll(folder, files);
    long start = TIME.nanos();
    long count = Yardstick.readAll(folder, files);
    double yardstick = count * 1e9 / (TIME.nanos() - start);
    empty();
    try (JournalLog log = new JournalLog(folder)) {
      fill(log, READ_RECORDS);
      readAll(log.log);
      start = TIME.nanos();
      count = readAll(log.log);
      double journal = count * 1e9 / (TIME.nanos() - start);
      results
          .computeIfAbsent("read", n -> new ArrayList<>())
          .add(new double[] {yardstick, journal});
    }
  }

  private static void fill(JournalLog log, int records) throws Exception {
    for (int i = 0; i < records; i += 1000) {
      log.pipeline(1000);
    }
    while (!log.open.isEmpty()) {
      if (!log.open.remove().await(log.deadline)) {
        throw new IllegalStateException("late");
      }
    }
  }

  private static long readAll(Journal journal) {
    long[] sum = new long[1];
    try (JournalReader reader = journal.reader(journal.first())) {
      int count;
      do {
        count = reader.read((number, array, offset, length) -> sum[0] += length);
      } while (count > 0);
    }
    return sum[0] / PAYLOAD.length;
  }

  /** Fills, leaves the journal as a crash would, and times the next opening up to an append. */
  private void reopening() throws Exception {
    for (int i = 0; i < 3; i++) {
      empty();
      JournalLog log = new JournalLog(folder);
      fill(log, REOPEN_RECORDS);
      log.log.abandon();
      long start = TIME.nanos();
      try (JournalLog again = new JournalLog(folder)) {
        long opened = TIME.nanos();
        again.appendAndAwait();
        System.out.printf(
            "reopen after a crash, %d records: %d ms to open, %d ms more to the first append%n",
            again.log.end() - 1, (opened - start) / 1_000_000, (TIME.nanos() - opened) / 1_000_000);
      }
    }
  }

  private void allocation() throws Exception {
    empty();
    try (JournalLog log = new JournalLog(folder)) {
      run(log, 1, 1, WARM_NANOS);
      long before = allocatedBytes();
      for (int i = 0; i < 10_000; i++) {
        log.appendAndAwait();
      }
      long blocking = (allocatedBytes() - before) / 10_000;
      before = allocatedBytes();
      fill(log, 200_000);
      long pipelined = (allocatedBytes() - before) / 200_000;
      System.out.printf(
          "allocated per record: %d bytes blocking, %d bytes pipelined%n", blocking, pipelined);
    }
  }

  /** By reflection, because the module under test does not read the one that counts. */
  private static long allocatedBytes() throws ReflectiveOperationException {
    Object threads =
        Class.forName("java.lang.management.ManagementFactory")
            .getMethod("getThreadMXBean")
            .invoke(null);
    Method bytes =
        Class.forName("com.sun.management.ThreadMXBean")
            .getMethod("getThreadAllocatedBytes", long.class);
    return (long) bytes.invoke(threads, Thread.currentThread().getId());
  }

  private void print() {
    results.forEach(
        (name, rounds) ->
            System.out.printf(
                "%-32s yardstick %,12.0f/s  journal %,12.0f/s  ratio %.2f (%.2f to %.2f)%n",
                name,
                median(rounds, r -> r[0]),
                median(rounds, r -> r[1]),
                median(rounds, r -> r[1] / r[0]),
                rounds.stream().mapToDouble(r -> r[1] / r[0]).min().orElse(0),
                rounds.stream().mapToDouble(r -> r[1] / r[0]).max().orElse(0)));
  }

  private static double median(
      List<double[]> rounds, java.util.function.ToDoubleFunction<double[]> of) {
    double[] sorted = rounds.stream().mapToDouble(of).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private void empty() throws IOException {
    Files.createDirectories(folder);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(folder)) {
          Files.delete(file);
        }
      }
    }
  }
}
