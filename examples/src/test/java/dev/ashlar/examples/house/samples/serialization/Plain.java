package dev.ashlar.examples.house.samples.serialization;

public record Plain(String text) {}
