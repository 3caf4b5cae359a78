package dev.ashlar.examples.house.samples.messaging.jdbc;

public record Plain(String text) {}
