package dev.ashlar.tracing.collate;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.CorrelationId;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the JSON log lines of many services and keeps those of one correlation id.
 *
 * <p>It needs no tracer, no sampling and no server: the ids in the lines are enough. What a crashed
 * process logged before it died is in the timeline, and what is missing is said to be missing.
 *
 * <p><b>Guarantees.</b> The order in which files and lines are read changes nothing in the result
 * (TRACE-36). Lines that are cut off or are no JSON are counted and left out, copies are counted
 * and shown once, unknown fields are ignored (TRACE-41).
 *
 * <p><b>Not guaranteed.</b> Clocks are not repaired: times are those of each process. The order is
 * that of cause and effect where ids tell it, and of the clocks where they do not.
 *
 * <p><b>Failures.</b> {@link IOException} as the stream throws it; {@link TooManyLinesException}.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 *
 * <p><b>Limits.</b> Memory for the lines of one id only, at most {@code linesMax} of about a
 * kilobyte each, {@value #LINES_USUAL} if not said; a message is kept to 512 characters. Lines of
 * more than 1 MiB are left out and counted.
 *
 * <pre>{@code
 * Collator collator = Collator.of(new CorrelationId("order-17"));
 * for (Path file : files) {
 *   try (InputStream in = Files.newInputStream(file)) {
 *     collator.read(in);
 *   }
 * }
 * String text = collator.timeline().text();
 * }</pre>
 */
public final class Collator {

  /** How many lines a timeline may have where nothing else is said; nobody reads more. */
  public static final int LINES_USUAL = 50_000;

  private final String id;
  private final int linesMax;
  private final LineParser parser = new LineParser();
  private final Map<String, LogLine> kept = new HashMap<>();
  private long lines;
  private long duplicates;
  private long others;
  private long unreadable;
  private long tooLong;

  private Collator(CorrelationId id, int linesMax) {
    this.id = requireNonNull(id, "id").value();
    if (linesMax < 1) {
      throw new IllegalArgumentException("linesMax: " + linesMax + " (expected: >= 1)");
    }
    this.linesMax = linesMax;
  }

  /** Returns a collator of the lines of one correlation id. */
  public static Collator of(CorrelationId id) {
    return of(id, LINES_USUAL);
  }

  /** Returns a collator of the lines of one correlation id, of which there may be so many. */
  public static Collator of(CorrelationId id, int linesMax) {
    return new Collator(id, linesMax);
  }

  /** Reads all lines of a stream, plain or gzipped, and does not close it. */
  public void read(InputStream in) throws IOException {
    LineReader reader = LineReader.of(in);
    for (Optional<byte[]> line = reader.next(); line.isPresent(); line = reader.next()) {
      lines++;
      Optional<LineParser.Known> parsed = parser.parse(line.get());
      if (parsed.isEmpty()) {
        unreadable++;
      } else if (parsed.get().isOf(id)) {
        keep(parsed.get().line(line.get()));
      } else {
        others++;
      }
    }
    tooLong += reader.tooLong();
    lines += reader.tooLong();
  }

  /** Of two forms of one line the same one is kept, whichever comes first. */
  private void keep(LogLine line) {
    int before = kept.size();
    kept.merge(
        line.identity(),
        line,
        (one, other) -> one.digest().compareTo(other.digest()) <= 0 ? one : other);
    duplicates += kept.size() == before ? 1 : 0;
    if (kept.size() > linesMax) {
      throw new TooManyLinesException(linesMax);
    }
  }

  /** Returns the timeline of what was read. */
  public Timeline timeline() {
    Counts counts = new Counts(lines, kept.size(), duplicates, others, unreadable, tooLong);
    return new Timeline(id, List.copyOf(kept.values()), counts);
  }
}
