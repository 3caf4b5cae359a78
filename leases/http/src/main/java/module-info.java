/**
 * Fences in HTTP requests: a floor that is asked over the network, and the service's side of it;
 * needs only Ashlar's leases and the JDK's client and server.
 */
module dev.ashlar.leases.http {
  requires transitive dev.ashlar.leases;
  requires transitive java.net.http;
  requires transitive jdk.httpserver;
  requires static transitive org.jspecify;

  exports dev.ashlar.leases.http;
}
