package dev.ashlar.examples.house.samples.messaging.jdbc;

import org.assertj.core.api.SoftAssertions;

public record KnowsAssertj(SoftAssertions other) {}
