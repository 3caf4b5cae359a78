package dev.ashlar.examples.benchmarks.store;

import dev.ashlar.core.Deadline;
import dev.ashlar.examples.benchmarks.Crew;
import dev.ashlar.examples.benchmarks.Measured;
import dev.ashlar.examples.benchmarks.Records;
import dev.ashlar.examples.benchmarks.Tally;
import dev.ashlar.examples.benchmarks.Window;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Threads that append to streams and read them; a stream has a number, and so has each event. */
final class Streams {

  /** Of the threads of a crew. */
  static final String ROLE = "worker";

  /** Each thread remembers so many of its latest appends, to look for them afterwards. */
  private static final int LOOKED_FOR = 1000;

  private final StreamStore store;
  private final Records records;

  Streams(StreamStore store, Records records) {
    this.store = store;
    this.records = records;
  }

  private static String name(long stream) {
    return "stream-" + stream;
  }

  /** Makes so many streams, each by one append of so many events, by threads side by side. */
  void fill(long streams, int events, int threads, Window window) throws Exception {
    Crew crew = new Crew(window);
    crew.start(
        ROLE,
        threads,
        number -> {
          for (long stream = number; stream < streams; stream += threads) {
            List<byte[]> all = new ArrayList<>(events);
            for (int i = 0; i < events; i++) {
              all.add(records.make(stream * events + i));
            }
            store.append(name(stream), all, window.deadline());
          }
          return new Measured(window);
        });
    crew.join(ROLE);
  }

  /** Each thread makes one new stream after the other. */
  Measured appendNew(int threads, Window window) throws Exception {
    Crew crew = new Crew(window);
    crew.start(
        ROLE,
        threads,
        thread -> {
          long[] n = {0};
          return append(window, () -> Records.number(thread + 1, n[0]++), thread);
        });
    return crew.join(ROLE);
  }

  /** Each thread appends to any of the streams that are there. */
  Measured appendCold(long streams, int threads, long seed, Window window) throws Exception {
    Crew crew = new Crew(window);
    crew.start(
        ROLE,
        threads,
        thread -> {
          SplittableRandom random = new SplittableRandom(seed + thread);
          return append(window, () -> random.nextLong(streams), seed + thread);
        });
    return crew.join(ROLE);
  }

  /** Which stream is next. */
  private interface Choice {
    long next();
  }

  private record Done(long stream, long event) {}

  private Measured append(Window window, Choice choice, long salt) throws Exception {
    Measured measured = new Measured(window);
    List<Done> latest = new ArrayList<>();
    long before = window.time().nanos();
    long after;
    long n = 0;
    do {
      // Beyond every number that a filling gives, and of this thread in this run alone.
      Done done = new Done(choice.next(), Records.number((int) (1000 + salt), n++));
      store.append(name(done.stream), List.of(records.make(done.event)), window.deadline());
      after = window.time().nanos();
      if (window.counts(after)) {
        measured.latencies().add(after - before);
      }
      before = after;
      if (latest.size() < LOOKED_FOR) {
        latest.add(done);
      } else {
        latest.set((int) (n % LOOKED_FOR), done);
      }
    } while (!measured.isEnough(after, 1));
    for (Done done : latest) {
      expect(done, window.deadline());
    }
    return measured;
  }

  private void expect(Done done, Deadline deadline) throws Exception {
    Tally all = new Tally();
    long found = 0;
    for (byte[] event : store.read(name(done.stream), deadline)) {
      records.check(ByteBuffer.wrap(event), all);
      found += ByteBuffer.wrap(event).getLong() == done.event ? 1 : 0;
    }
    if (found != 1) {
      throw new IllegalStateException("event: there " + found + " times (expected: once)");
    }
  }

  /** Each thread reads any of the streams; the first event must be the one it was made with. */
  Measured readCold(long streams, int threads, long seed, Window window) throws Exception {
    Crew crew = new Crew(window);
    crew.start(
        ROLE,
        threads,
        thread -> {
          SplittableRandom random = new SplittableRandom(seed - thread);
          Measured measured = new Measured(window);
          long before = window.time().nanos();
          long after;
          do {
            long stream = random.nextLong(streams);
            byte[] first = store.read(name(stream), window.deadline()).get(0);
            Tally read = new Tally();
            records.check(ByteBuffer.wrap(first), read);
            Tally expected = new Tally();
            expected.add(stream);
            expected.expect(read);
            after = window.time().nanos();
            if (window.counts(after)) {
              measured.latencies().add(after - before);
            }
            before = after;
          } while (!measured.isEnough(after, 1));
          return measured;
        });
    return crew.join(ROLE);
  }
}
