package dev.ashlar.examples.house.samples.messaging;

public record Plain(String text) {}
