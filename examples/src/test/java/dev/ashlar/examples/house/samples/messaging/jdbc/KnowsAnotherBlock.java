package dev.ashlar.examples.house.samples.messaging.jdbc;

import dev.ashlar.examples.house.samples.serialization.Plain;

public record KnowsAnotherBlock(Plain other) {}
