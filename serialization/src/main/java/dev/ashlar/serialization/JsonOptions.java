package dev.ashlar.serialization;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Map;

/**
 * How a {@link JsonCodec} reads and writes, as data.
 *
 * <p><b>Threads.</b> Immutable; each {@code with} method returns a changed copy.
 *
 * @param preset what happens to unknown fields; {@link Preset#STRICT} unless said otherwise
 * @param limits the most that a document may be; {@link Limits#standard()} unless said otherwise
 * @param discriminator the field that names the type where a sealed interface is expected; {@code
 *     type} unless said otherwise
 * @param names type names on the wire where the derived ones will not do
 */
public record JsonOptions(
    Preset preset, Limits limits, String discriminator, Map<Class<?>, String> names) {

  private static final JsonOptions STRICT =
      new JsonOptions(Preset.STRICT, Limits.standard(), "type", Map.of());

  /** Checks the parts. */
  public JsonOptions {
    requireNonNull(preset, "preset");
    requireNonNull(limits, "limits");
    TypeNames.checkDiscriminator(discriminator);
    names = Map.copyOf(names);
    names.values().forEach(TypeNames::check);
  }

  /** Returns the options that refuse unknown fields. */
  public static JsonOptions strict() {
    return STRICT;
  }

  /** Returns the options that leave unknown fields out. */
  public static JsonOptions tolerantReader() {
    return STRICT.withPreset(Preset.TOLERANT_READER);
  }

  /** Returns these options with another preset. */
  public JsonOptions withPreset(Preset preset) {
    return new JsonOptions(preset, limits, discriminator, names);
  }

  /** Returns these options with other limits. */
  public JsonOptions withLimits(Limits limits) {
    return new JsonOptions(preset, limits, discriminator, names);
  }

  /** Returns these options with another field for the name of the type. */
  public JsonOptions withDiscriminator(String discriminator) {
    return new JsonOptions(preset, limits, discriminator, names);
  }

  /**
   * Returns these options with a given name for a record that stands in a sealed hierarchy. A name
   * that is given survives when the record is renamed.
   */
  public JsonOptions withName(Class<? extends Record> type, String name) {
    Map<Class<?>, String> more = new HashMap<>(names);
    more.put(type, name);
    return new JsonOptions(preset, limits, discriminator, more);
  }
}
