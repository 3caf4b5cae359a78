package dev.ashlar.examples.house.samples.messaging;

import dev.ashlar.examples.house.samples.messaging.jdbc.Plain;

public record KnowsItsAdapter(Plain other) {}
