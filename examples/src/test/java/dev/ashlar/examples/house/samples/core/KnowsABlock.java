package dev.ashlar.examples.house.samples.core;

import dev.ashlar.examples.house.samples.messaging.Plain;

public record KnowsABlock(Plain other) {}
