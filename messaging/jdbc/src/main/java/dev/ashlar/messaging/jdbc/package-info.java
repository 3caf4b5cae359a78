/** Queue, inbox and outbox in the tables of a SQL database: H2 or PostgreSQL. */
@NullMarked
package dev.ashlar.messaging.jdbc;

import org.jspecify.annotations.NullMarked;
