package dev.ashlar.examples.house.samples.messaging;

import org.junit.jupiter.api.TestInfo;

public record KnowsJunit(TestInfo other) {}
