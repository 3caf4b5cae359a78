/**
 * Whole-program runs of Ashlar's engines beside what users would otherwise pick and beside a
 * hand-written yardstick: each run in a fresh process and a fresh folder, repetitions interleaved,
 * and every figure with its ratio to the yardstick of the same repetition.
 */
@NullMarked
package dev.ashlar.examples.benchmarks;

import org.jspecify.annotations.NullMarked;
