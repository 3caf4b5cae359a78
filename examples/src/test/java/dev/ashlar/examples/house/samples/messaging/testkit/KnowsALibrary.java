package dev.ashlar.examples.house.samples.messaging.testkit;

import org.h2.jdbcx.JdbcDataSource;

public record KnowsALibrary(JdbcDataSource other) {}
