package dev.ashlar.examples.house.samples.messaging.jdbc;

import dev.ashlar.examples.house.samples.messaging.testkit.KnowsJunit;

public record KnowsTheTestKit(KnowsJunit other) {}
