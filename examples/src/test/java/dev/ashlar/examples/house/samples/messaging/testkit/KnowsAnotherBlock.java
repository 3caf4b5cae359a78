package dev.ashlar.examples.house.samples.messaging.testkit;

import dev.ashlar.examples.house.samples.serialization.Plain;

public record KnowsAnotherBlock(Plain other) {}
