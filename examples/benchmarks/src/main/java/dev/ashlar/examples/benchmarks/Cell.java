package dev.ashlar.examples.benchmarks;

import dev.ashlar.core.TimeSource;
import java.nio.file.Path;

/**
 * One run in a process of its own.
 *
 * @param workload what to measure
 * @param peer whom, by name
 * @param folder where; fresh, unless the workload is a prepared one
 * @param settings of the whole command
 * @param time the clocks
 */
public record Cell(
    Workload workload, String peer, Path folder, Settings settings, TimeSource time) {}
