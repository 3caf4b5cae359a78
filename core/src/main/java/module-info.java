/** The words in which Ashlar's blocks meet; needs nothing but the JDK. */
module dev.ashlar.core {
  requires static transitive org.jspecify;

  exports dev.ashlar.core;
}
