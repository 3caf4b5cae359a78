/** Durable logs compared: what it costs to append, to read back and to open again after a halt. */
@NullMarked
package dev.ashlar.examples.benchmarks.log;

import org.jspecify.annotations.NullMarked;
