package dev.ashlar.tracing.collate;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads one line as a JSON object, and keeps the fields that the collator knows. */
final class LineParser {

  private static final Set<String> KEPT =
      Set.of(
          LogLine.SERVICE,
          LogLine.PROCESS,
          LogLine.CORRELATION,
          LogLine.REQUEST,
          LogLine.CAUSE,
          LogLine.EVENT,
          LogLine.TARGET,
          LogLine.LEVEL,
          LogLine.MESSAGE,
          LogLine.OUTCOME,
          LogLine.ERROR);
  private static final Set<String> TIMES = Set.of("ts", "@timestamp", "timestamp", "time");
  private static final String SEQ = "seq";
  private static final String DURATION = "duration_ns";
  private static final Set<String> NUMBERS = Set.of(SEQ, DURATION);
  private static final long NONE = -1;
  private static final int MESSAGE_MAX = 512;
  private static final int TEXT_MAX = 128;

  private final JsonFactory factory = new JsonFactory();

  /** Returns the line's known fields; empty if it is no JSON object. */
  Optional<Known> parse(byte[] line) {
    try (JsonParser in = factory.createParser(ObjectReadContext.empty(), line)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      Known known = new Known();
      while (in.nextToken() == JsonToken.PROPERTY_NAME) {
        known.take(in.currentName(), in.nextToken(), in);
      }
      return in.nextToken() == null ? Optional.of(known) : Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  private static String digest(byte[] line) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(line));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256: not there (expected: in every JDK)", e);
    }
  }

  private static Optional<Instant> instant(String text) {
    try {
      OffsetDateTime time = OffsetDateTime.parse(text);
      boolean plausible = time.getYear() >= 1 && time.getYear() <= 9999;
      return plausible ? Optional.of(time.toInstant()) : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static String shortened(String text, String name) {
    int max = name.equals(LogLine.MESSAGE) ? MESSAGE_MAX : TEXT_MAX;
    return text.length() <= max ? text : text.substring(0, max) + "...";
  }

  /** The fields of one line that are known; of two with one name the first counts. */
  static final class Known {
    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, Long> numbers = new HashMap<>();
    private String time = "";

    void take(String name, JsonToken value, JsonParser in) {
      if (value == JsonToken.VALUE_STRING && KEPT.contains(name)) {
        texts.putIfAbsent(name, shortened(in.getString(), name));
      } else if (value == JsonToken.VALUE_STRING && TIMES.contains(name) && time.isEmpty()) {
        time = in.getString();
      } else if (value == JsonToken.VALUE_NUMBER_INT && NUMBERS.contains(name)) {
        boolean fits = in.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        numbers.putIfAbsent(name, fits ? Math.max(NONE, in.getLongValue()) : NONE);
      } else {
        in.skipChildren();
      }
    }

    boolean isOf(String correlation) {
      return texts.getOrDefault(LogLine.CORRELATION, "").equals(correlation);
    }

    /**
     * Returns the line with what only a line that is kept needs: its time, read, and its digest.
     */
    LogLine line(byte[] bytes) {
      return new LogLine(
          instant(time),
          numbers.getOrDefault(SEQ, NONE),
          numbers.getOrDefault(DURATION, NONE),
          Map.copyOf(texts),
          digest(bytes));
    }
  }
}
