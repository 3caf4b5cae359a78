package dev.ashlar.serialization;

/**
 * What a reader does with a field that its type does not have.
 *
 * <p>The two differ in nothing else: no preset tolerates a key that stands twice, a value that does
 * not fit, or a field that is missing.
 */
public enum Preset {
  /** An unknown field is refused. For commands and configuration, where it is a mistake. */
  STRICT,
  /**
   * An unknown field is checked for form and limits, and left out. For events, whose writers are
   * upgraded before their readers.
   */
  TOLERANT_READER
}
