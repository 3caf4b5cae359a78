/** Queue, inbox and outbox in the tables of a SQL database; needs only the JDK's own JDBC. */
module dev.ashlar.messaging.jdbc {
  requires transitive dev.ashlar.messaging;
  requires transitive java.sql;
  requires static transitive org.jspecify;

  exports dev.ashlar.messaging.jdbc;
}
