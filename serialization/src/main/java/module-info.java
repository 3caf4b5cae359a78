/** Codecs that take their input for hostile; the types of the parser stay inside. */
module dev.ashlar.serialization {
  requires transitive dev.ashlar.core;
  requires static transitive org.jspecify;
  requires tools.jackson.core;

  exports dev.ashlar.serialization;
}
