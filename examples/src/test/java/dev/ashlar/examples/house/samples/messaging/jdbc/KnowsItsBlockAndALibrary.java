package dev.ashlar.examples.house.samples.messaging.jdbc;

import dev.ashlar.examples.house.samples.messaging.Plain;
import org.h2.jdbcx.JdbcDataSource;

/** Does what an adapter is for. */
public record KnowsItsBlockAndALibrary(Plain block, JdbcDataSource library) {}
