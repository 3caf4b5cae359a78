package dev.ashlar.examples.house.samples.core;

public interface TimeSource {}
