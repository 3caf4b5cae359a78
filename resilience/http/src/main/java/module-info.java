/**
 * Calls over HTTP that carry their context; needs Ashlar's core and the JDK's client and server.
 */
module dev.ashlar.resilience.http {
  requires transitive dev.ashlar.core;
  requires transitive java.net.http;
  requires jdk.httpserver;
  requires static transitive org.jspecify;

  exports dev.ashlar.resilience.http;
}
