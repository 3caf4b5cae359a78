package dev.ashlar.serialization;

import dev.ashlar.core.MalformedDataException.Reason;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.SerializedString;

/** One writing of one document: the generator, and the checks that a reader would make. */
final class Sink {

  private static final int LONG_CHARS_MAX = 20;

  private final JsonGenerator generator;
  private final Limits limits;
  private final Trail trail;

  Sink(JsonGenerator generator, Limits limits, Trail trail) {
    this.generator = generator;
    this.limits = limits;
    this.trail = trail;
  }

  Limits limits() {
    return limits;
  }

  Trail trail() {
    return trail;
  }

  void beginObject() {
    trail.enter();
    generator.writeStartObject();
  }

  void endObject() {
    generator.writeEndObject();
    trail.leave();
  }

  void beginArray() {
    trail.enter();
    generator.writeStartArray();
  }

  void endArray() {
    generator.writeEndArray();
    trail.leave();
  }

  /** Writes the name of a field of the type. */
  void name(SerializedString name) {
    countName(name);
    generator.writeName(name);
  }

  /** Writes the key of an entry. */
  void key(String key) {
    trail.countItem();
    checkName(key.length());
    checkSurrogates(key);
    generator.writeName(key);
  }

  void text(String text) {
    if (text.length() > limits.stringChars()) {
      throw Refusal.overLimit("stringChars", text.length(), limits.stringChars());
    }
    checkSurrogates(text);
    generator.writeString(text);
  }

  /** Writes a number as it is spelled. */
  void number(String number) {
    if (number.length() > limits.numberChars()) {
      throw Refusal.overLimit("numberChars", number.length(), limits.numberChars());
    }
    generator.writeNumber(number);
  }

  void number(long number) {
    if (limits.numberChars() < LONG_CHARS_MAX) {
      number(Long.toString(number));
    } else {
      generator.writeNumber(number);
    }
  }

  void bool(boolean value) {
    generator.writeBoolean(value);
  }

  private void countName(SerializableString name) {
    trail.countItem();
    checkName(name.charLength());
  }

  private void checkName(int length) {
    if (length > limits.nameChars()) {
      throw Refusal.overLimit("nameChars", length, limits.nameChars());
    }
  }

  private static void checkSurrogates(String text) {
    if (Surrogates.unpaired(text)) {
      throw new Refusal(Reason.INVALID_VALUE, "unpaired surrogate (expected: valid UTF-16)");
    }
  }
}
