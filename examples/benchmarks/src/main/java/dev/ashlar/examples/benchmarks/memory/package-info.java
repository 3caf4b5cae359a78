/** Queues in memory compared: what a message costs where no disk is involved. */
@NullMarked
package dev.ashlar.examples.benchmarks.memory;

import org.jspecify.annotations.NullMarked;
