package dev.ashlar.serialization;

import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.MalformedDataException.Reason;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * One reading of one document: the parser, and every check that does not depend on the type.
 *
 * <p>The parser's own limits are switched off, so that each limit stands in one place and is
 * reported by its name. What the parser holds at a time is bounded all the same, by the size of the
 * document, which was checked before.
 */
final class Source {

  private static final String NO_TYPE_NAME = "no text (expected: name of a type)";

  private final JsonFactory factory;
  private final byte[] document;
  private final Limits limits;
  private final Preset preset;
  private final Trail trail;
  private final JsonParser parser;

  Source(JsonFactory factory, byte[] document, Limits limits, Preset preset) {
    this.factory = factory;
    this.document = document;
    this.limits = limits;
    this.preset = preset;
    this.trail = new Trail(limits);
    this.parser = factory.createParser(ObjectReadContext.empty(), document);
  }

  Trail trail() {
    return trail;
  }

  /** Reads the whole document; the only way in and the only way an exception gets out. */
  <T> T read(Supplier<T> body) {
    try (parser) {
      return translated(body);
    }
  }

  private <T> T translated(Supplier<T> body) {
    try {
      return body.get();
    } catch (Refusal e) {
      throw malformed(e.reason(), e.what(), e.offset() < 0 ? offset() : e.offset());
    } catch (JacksonException e) {
      Refusal refusal = ParserFault.refusal(e, document, 0);
      throw malformed(refusal.reason(), refusal.what(), refusal.offset());
    } catch (RuntimeException e) {
      // A fault of ours or of the parser's. A reader of hostile data still gets the one exception.
      String what = "reading failed with " + e.getClass().getSimpleName();
      throw malformed(Reason.MALFORMED, what, offset());
    }
  }

  private MalformedDataException malformed(Reason reason, String what, long offset) {
    String path = trail.path();
    String place = path.isEmpty() ? "" : " at " + path;
    return new MalformedDataException(reason, what + place + ", byte " + offset);
  }

  /** Returns where the token at hand begins. */
  long offset() {
    return Math.max(0, parser.currentTokenLocation().getByteOffset());
  }

  /** Goes on to the next token, which the grammar says must be there. */
  JsonToken next() {
    JsonToken token = parser.nextToken();
    if (token == null) {
      throw new Refusal(Reason.TRUNCATED, "end of the data", document.length);
    }
    return token;
  }

  /** Refuses anything but white space behind the value that was read last. */
  void expectEnd() {
    for (int i = (int) parser.currentLocation().getByteOffset(); i < document.length; i++) {
      byte b = document[i];
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        throw new Refusal(Reason.TRAILING_DATA, "data behind the end", i);
      }
    }
  }

  /** Enters an object, to its first name or to its end. */
  void enterObject(String expected) {
    expect(JsonToken.START_OBJECT, expected);
    trail.enter();
    next();
  }

  /** Enters an array, to its first element or to its end. */
  void enterArray(String expected) {
    expect(JsonToken.START_ARRAY, expected);
    trail.enter();
    next();
  }

  boolean atName() {
    return parser.currentToken() == JsonToken.PROPERTY_NAME;
  }

  boolean atArrayEnd() {
    return parser.currentToken() == JsonToken.END_ARRAY;
  }

  boolean atNull() {
    return parser.currentToken() == JsonToken.VALUE_NULL;
  }

  /** Returns the name of the field or the key of the entry at hand. */
  String name() {
    trail.countItem();
    String name = parser.currentName();
    if (name.length() > limits.nameChars()) {
      throw Refusal.overLimit("nameChars", name.length(), limits.nameChars());
    }
    checkSurrogates(name);
    return name;
  }

  /** Returns the value at hand, which must be a text. */
  String text(String expected) {
    expect(JsonToken.VALUE_STRING, expected);
    int length = parser.getStringLength();
    if (length > limits.stringChars()) {
      throw Refusal.overLimit("stringChars", length, limits.stringChars());
    }
    String text = parser.getString();
    checkSurrogates(text);
    return text;
  }

  /** Returns the number at hand as it is written, without fraction and exponent. */
  String integer(String expected) {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
      throw Refusal.unfit("number with a fraction or exponent", expected);
    }
    return number(expected);
  }

  /** Returns the number at hand as it is written. */
  String number(String expected) {
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_FLOAT) {
      expect(JsonToken.VALUE_NUMBER_INT, expected);
    }
    if (parser.currentLocation().getByteOffset() >= document.length) {
      // A document ends with a bracket: of this number, only the beginning is there.
      throw new Refusal(Reason.TRUNCATED, "end of the data", document.length);
    }
    int length = parser.getStringLength();
    if (length > limits.numberChars()) {
      throw Refusal.overLimit("numberChars", length, limits.numberChars());
    }
    return parser.getString();
  }

  boolean bool(String expected) {
    if (parser.currentToken() != JsonToken.VALUE_FALSE) {
      expect(JsonToken.VALUE_TRUE, expected);
    }
    return parser.currentToken() == JsonToken.VALUE_TRUE;
  }

  Limits limits() {
    return limits;
  }

  /**
   * Passes over a field that the type does not have, where the preset allows it.
   *
   * @param name the field's name, on which the parser stands
   * @param passed the unknown names of the same object so far
   */
  void passUnknown(String name, Set<String> passed) {
    if (preset == Preset.STRICT) {
      throw new Refusal(Reason.UNKNOWN_FIELD, "field that the type does not have");
    }
    checkNew(name, passed);
    next();
    pass();
  }

  // An ignored value obeys all rules of form: what one reader lets pass, another may act on.
  private void pass() {
    switch (parser.currentToken()) {
      case START_OBJECT -> passObject();
      case START_ARRAY -> passArray();
      case VALUE_STRING -> text("text");
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number("number");
      default -> {}
    }
  }

  private void passObject() {
    Set<String> names = new HashSet<>();
    for (enterObject("object"); atName(); next()) {
      checkNew(name(), names);
      next();
      pass();
    }
    trail.leave();
  }

  private void passArray() {
    for (enterArray("array"); !atArrayEnd(); next()) {
      trail.countItem();
      pass();
    }
    trail.leave();
  }

  private static void checkNew(String name, Set<String> names) {
    if (!names.add(name)) {
      throw new Refusal(Reason.DUPLICATE_KEY, "key that stands twice");
    }
  }

  /** Returns whether the object just entered begins with a field. */
  boolean startsWith(String field) {
    return atName() && parser.currentName().equals(field);
  }

  /** Goes over the name at hand and returns its value, which must be the name of a type. */
  String typeName() {
    name();
    JsonToken value = next();
    if (value != JsonToken.VALUE_STRING && value != JsonToken.VALUE_NULL) {
      throw new Refusal(Reason.TYPE_NOT_ALLOWED, NO_TYPE_NAME);
    }
    return text("name of a type");
  }

  /**
   * Returns the name of a type from a field of the object just entered, wherever it stands in it,
   * and stays where it is. Nested objects are looked through once for each level, so this costs at
   * most {@link Limits#depth()} times the document.
   *
   * @param start where the object begins
   */
  String lookAhead(String field, long start) {
    int from = (int) start;
    try (JsonParser ahead =
        factory.createParser(ObjectReadContext.empty(), document, from, document.length - from)) {
      ahead.nextToken();
      while (ahead.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean found = ahead.currentName().equals(field);
        JsonToken value = ahead.nextToken();
        if (found && value == JsonToken.VALUE_STRING) {
          return ahead.getString();
        }
        if (found && value != JsonToken.VALUE_NULL) {
          long offset = from + ahead.currentTokenLocation().getByteOffset();
          throw new Refusal(Reason.TYPE_NOT_ALLOWED, NO_TYPE_NAME, offset);
        }
        if (found) {
          break;
        }
        ahead.skipChildren();
      }
      throw new Refusal(Reason.MISSING_FIELD, "missing field");
    } catch (JacksonException e) {
      throw ParserFault.refusal(e, document, from);
    }
  }

  private void expect(JsonToken token, String expected) {
    JsonToken seen = parser.currentToken();
    if (seen == token) {
      return;
    }
    if (seen == JsonToken.VALUE_NULL) {
      throw new Refusal(Reason.MISSING_FIELD, "null (expected: " + expected + ")");
    }
    throw Refusal.unfit(ParserFault.kind(seen), expected);
  }

  private static void checkSurrogates(String text) {
    if (Surrogates.unpaired(text)) {
      throw new Refusal(Reason.MALFORMED, "unpaired surrogate");
    }
  }
}
