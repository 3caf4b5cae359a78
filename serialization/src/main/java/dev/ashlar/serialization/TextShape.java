package dev.ashlar.serialization;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.MalformedDataException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Base64;
import java.util.Locale;
import java.util.UUID;

/**
 * The types that are one text, each of which takes only spellings that lose nothing.
 *
 * <p>The JDK's own readers are kinder: they take a leap second for the second before it, an offset
 * for the time it stands for, and a short identifier for a long one.
 */
enum TextShape implements Shape {
  STRING {
    @Override
    public Object read(Source in) {
      return in.text("text");
    }

    @Override
    Object parse(String text) {
      return text;
    }
  },
  CHAR {
    @Override
    Object parse(String text) {
      require(text.length() == 1);
      return text.charAt(0);
    }
  },
  BYTES {
    @Override
    public Object read(Source in) {
      // As long as any text may be, unlike the others.
      return parsed(in.text("base64"));
    }

    @Override
    Object parse(String text) {
      byte[] bytes = Base64.getDecoder().decode(text);
      // Bits left over at the end, and padding left out, would be two spellings of one value.
      require(Base64.getEncoder().encodeToString(bytes).equals(text));
      return Bytes.owning(bytes);
    }

    @Override
    String spell(Object value) {
      return Base64.getEncoder().encodeToString(((Bytes) value).toArray());
    }
  },
  UUID_TEXT {
    @Override
    Object parse(String text) {
      UUID value = UUID.fromString(text);
      require(value.toString().equals(text.toLowerCase(Locale.ROOT)));
      return value;
    }
  },
  INSTANT {
    @Override
    Object parse(String text) {
      Instant value = Instant.parse(text);
      require(text.endsWith("Z") && toSeconds(text).equals(toSeconds(value.toString())));
      return value;
    }
  },
  DURATION {
    @Override
    Object parse(String text) {
      return Duration.parse(text);
    }
  },
  LOCAL_DATE {
    @Override
    Object parse(String text) {
      return LocalDate.parse(text);
    }
  };

  // The longest of the fixed forms has 41 characters.
  private static final int CHARS_MAX = 64;

  @Override
  public Object read(Source in) {
    String text = in.text("text");
    if (text.length() > CHARS_MAX) {
      throw invalid();
    }
    return parsed(text);
  }

  @Override
  public void write(Object value, Sink out) {
    out.text(spell(value));
  }

  /** Returns the value of a text, or throws anything that is not an error. */
  abstract Object parse(String text);

  String spell(Object value) {
    return value.toString();
  }

  Object parsed(String text) {
    try {
      return parse(text);
    } catch (RuntimeException e) {
      throw invalid();
    }
  }

  private static void require(boolean condition) {
    if (!condition) {
      throw invalid();
    }
  }

  private static Refusal invalid() {
    return new Refusal(Reason.INVALID_VALUE, "text of another form");
  }

  private static String toSeconds(String text) {
    int point = text.indexOf('.');
    return text.substring(0, point < 0 ? text.length() - 1 : point);
  }
}
