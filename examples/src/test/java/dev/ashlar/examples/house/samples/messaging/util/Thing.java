package dev.ashlar.examples.house.samples.messaging.util;

public record Thing(String text) {}
