/**
 * A lease store and a floor for guards in tables of a SQL database; needs only the JDK's own JDBC.
 */
module dev.ashlar.leases.jdbc {
  requires transitive dev.ashlar.leases;
  requires transitive java.sql;
  requires static transitive org.jspecify;

  exports dev.ashlar.leases.jdbc;
}
