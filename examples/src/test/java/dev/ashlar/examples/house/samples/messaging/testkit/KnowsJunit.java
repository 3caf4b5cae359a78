package dev.ashlar.examples.house.samples.messaging.testkit;

import org.junit.jupiter.api.TestInfo;

public record KnowsJunit(TestInfo other) {}
